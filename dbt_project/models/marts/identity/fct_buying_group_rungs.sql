select
    opportunity_id,
    rung,
    rung_order,
    contacts_named,
    contacts_deleted,
    contacts_unknown,
    persons,
    is_used
from {{ ref('int_buying_groups__rungs_tried') }}

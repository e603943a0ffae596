select
    opportunity_id,
    rung,
    cast(rung_order as integer) as rung_order,
    contacts_named,
    contacts_deleted,
    contacts_unknown,
    persons,
    is_used
from {{ ref('fct_buying_group_rungs') }}

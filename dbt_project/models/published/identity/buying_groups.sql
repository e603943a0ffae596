select
    opportunity_id,
    person_id,
    rung,
    role,
    is_primary
from {{ ref('fct_buying_group_members') }}

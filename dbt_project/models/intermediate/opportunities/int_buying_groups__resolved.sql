{{ config(materialized='table') }}

-- the first rung that gives anyone is the whole group
with ranked as (
    select
        *,
        min(rung_order) over (partition by opportunity_id) as first_rung_order
    from {{ ref('int_buying_groups__considered') }}
    where exclusion is null
)

-- a person with several roles, or several primary ones, is in the group once
select
    opportunity_id,
    person_id,
    rung,
    arg_min(role, (not is_primary, role)) filter (where role is not null) as role,
    bool_or(is_primary) as is_primary
from ranked
where rung_order = first_rung_order
group by opportunity_id, person_id, rung

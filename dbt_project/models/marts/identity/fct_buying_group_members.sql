with opportunities as (
    select opportunity_id from {{ ref('fct_opportunities') }}
),

members as (
    select * from {{ ref('int_buying_groups__resolved') }}
)

select
    members.opportunity_id,
    members.person_id,
    members.rung,
    members.role,
    members.is_primary
from members
inner join opportunities on members.opportunity_id = opportunities.opportunity_id

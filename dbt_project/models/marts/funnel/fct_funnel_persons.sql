-- one row per person: when each stage was first reached, and by which channel they came
with persons as (
    select * from {{ ref('dim_persons') }}
),

first_touchpoints as (
    select
        person_id,
        arg_min(channel, (occurred_at, touchpoint_priority, source_rank, touchpoint_id))
            as first_channel
    from {{ ref('int_touchpoints__classified') }}
    where not is_sales
    group by person_id
),

opportunities as (
    select
        groups.person_id,
        min(opportunities.created_at) as opportunity_at,
        min(opportunities.close_date) filter (where opportunities.is_won) as won_date
    from {{ ref('int_buying_groups__resolved') }} as groups
    inner join {{ ref('fct_opportunities') }} as opportunities
        on groups.opportunity_id = opportunities.opportunity_id
    -- everybody of an account is no sign that this person took part
    where groups.rung <> 'account'
    group by groups.person_id
)

select
    persons.person_id,
    coalesce(first_touchpoints.first_channel, 'unattributed') as first_channel,
    persons.created_at,
    persons.mql_at,
    persons.sql_at,
    opportunities.opportunity_at,
    opportunities.won_date,
    {{ reporting_date('persons.created_at') }} as created_date
from persons
left join first_touchpoints on persons.person_id = first_touchpoints.person_id
left join opportunities on persons.person_id = opportunities.person_id

{{ config(materialized='table') }}

-- one row per person that a CRM knows: what it records of their way, and where they came from
with persons as (
    select * from {{ ref('int_persons__profiled') }}
    where not is_deleted
),

accounts as (
    select account_id, industry from {{ ref('int_accounts__unified') }}
),

first_touchpoints as (
    select
        person_id,
        arg_min(channel, (occurred_at, touchpoint_priority, source_rank, touchpoint_id))
            as first_channel,
        arg_min(campaign, (occurred_at, touchpoint_priority, source_rank, touchpoint_id))
        filter (where campaign is not null) as first_campaign
    from {{ ref('int_touchpoints__classified') }}
    where not is_sales
    group by person_id
),

opportunities as (
    select
        buying_groups.person_id,
        min(opportunities.created_at) as opportunity_at,
        min(opportunities.close_date) filter (where opportunities.is_won) as won_date,
        -- lost to us is only who has nothing open and nothing won
        case
            when bool_and(coalesce(opportunities.is_closed and not opportunities.is_won, false))
                then max(opportunities.close_date)
        end as lost_date,
        arg_min(
            coalesce(opportunities.lead_source, 'unknown'),
            (opportunities.created_at, opportunities.opportunity_id)
        ) as lead_source
    from {{ ref('int_buying_groups__resolved') }} as buying_groups
    inner join {{ ref('int_opportunities__valued') }} as opportunities
        on buying_groups.opportunity_id = opportunities.opportunity_id
    -- everybody of an account is no sign that this person took part
    where buying_groups.rung <> 'account' and not opportunities.is_deleted
    group by buying_groups.person_id
)

select
    persons.person_id,
    coalesce(first_touchpoints.first_channel, 'unattributed') as first_channel,
    first_touchpoints.first_campaign,
    opportunities.lead_source,
    coalesce(accounts.industry, 'unknown') as segment,
    persons.created_at,
    persons.mql_at,
    persons.sql_at,
    opportunities.opportunity_at,
    opportunities.won_date,
    opportunities.lost_date,
    {{ reporting_date('persons.created_at') }} as created_date
from persons
left join accounts on persons.account_id = accounts.account_id
left join first_touchpoints on persons.person_id = first_touchpoints.person_id
left join opportunities on persons.person_id = opportunities.person_id

{{ config(materialized='table') }}

-- one row per customer: the account's first won opportunity, and where it came from
with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where is_won and not is_deleted
),

sourced as (
    select * from {{ ref('int_opportunities__sourced') }}
),

ranked as (
    select
        sourced.customer_id,
        opportunities.account_id,
        opportunities.opportunity_id,
        'closed_won:' || opportunities.opportunity_id as conversion_id,
        opportunities.close_date as acquired_date,
        sourced.lead_source,
        sourced.segment,
        sourced.first_channel as acquisition_channel,
        sourced.first_campaign,
        row_number() over (
            partition by sourced.customer_id
            order by
                opportunities.close_date, opportunities.created_at, opportunities.opportunity_id
        ) as win
    from opportunities
    inner join sourced on opportunities.opportunity_id = sourced.opportunity_id
)

select
    customer_id,
    account_id,
    opportunity_id,
    conversion_id,
    acquired_date,
    lead_source,
    segment,
    acquisition_channel,
    first_campaign
from ranked
where win = 1

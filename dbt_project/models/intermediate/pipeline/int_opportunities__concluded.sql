{{ config(materialized='table') }}

-- one row per opportunity: where it came from, how it has ended, and after how many days
with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

sourced as (
    select * from {{ ref('int_opportunities__sourced') }}
),

netted as (
    select
        opportunity_id,
        cast(sum(value_change) as decimal(18, 2)) as net_amount_reporting
    from {{ ref('int_opportunities__netted') }}
    group by opportunity_id
),

-- an open opportunity's close date is a hope
concluded as (
    select
        opportunity_id,
        created_date,
        case when is_closed then close_date end as close_date,
        is_won,
        is_closed and not is_won as is_lost,
        created_amount_reporting
    from opportunities
)

select
    concluded.opportunity_id,
    sourced.customer_id,
    sourced.lead_source,
    sourced.segment,
    sourced.first_channel,
    concluded.created_date,
    concluded.close_date,
    concluded.is_won,
    concluded.is_lost,
    netted.net_amount_reporting,
    concluded.created_amount_reporting,
    concluded.close_date - concluded.created_date as days_to_close,
    case when concluded.is_won then concluded.close_date - concluded.created_date end
        as days_to_win
from concluded
inner join sourced on concluded.opportunity_id = sourced.opportunity_id
left join netted on concluded.opportunity_id = netted.opportunity_id

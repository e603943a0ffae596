{{ config(materialized='table') }}

-- One row per won opportunity and step: step 0 is what was won, each later one a refund. Every
-- amount takes the rate of the close date, so that a full refund is the negative of what was won
-- and the steps add up to what the CRM says less the credit notes.
with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where is_won and not is_deleted
),

reversed as (
    select * from {{ ref('int_opportunities__reversed') }}
),

-- the CRM's amount is the one after it was lowered
won as (
    select
        opportunities.opportunity_id,
        coalesce(opportunities.amount, 0)
        + coalesce(sum(reversed.amount) filter (where reversed.refund_id like 'lowered:%'), 0)
            as amount
    from opportunities
    left join reversed on opportunities.opportunity_id = reversed.opportunity_id
    group by opportunities.opportunity_id, opportunities.amount
),

steps as (
    select
        opportunity_id,
        cast(null as string) as refund_id,
        amount as amount_change,
        cast(null as date) as refunded_date
    from won
    union all
    select
        opportunity_id,
        refund_id,
        -amount as amount_change,
        refunded_date
    from reversed
),

accumulated as (
    select
        *,
        row_number() over step - 1 as step,
        cast(sum(amount_change) over step as decimal(18, 2)) as remaining_amount
    from steps
    window step as (
        partition by opportunity_id order by refunded_date nulls first, refund_id nulls first
    )
),

valued as (
    select
        accumulated.opportunity_id,
        accumulated.amount_change,
        opportunities.exchange_rate,
        accumulated.refund_id,
        accumulated.refunded_date,
        accumulated.step,
        accumulated.remaining_amount,
        {{ in_reporting_currency(
            'accumulated.remaining_amount', 'opportunities.currency', 'opportunities.valued_date',
            'opportunities.units_per_euro', 'opportunities.reporting_units_per_euro', 2
        ) }} as remaining_value
    from accumulated
    inner join opportunities on accumulated.opportunity_id = opportunities.opportunity_id
)

select
    *,
    cast(remaining_value - lag(remaining_value, 1, 0) over step as decimal(18, 2)) as value_change
from valued
window step as (partition by opportunity_id order by step)

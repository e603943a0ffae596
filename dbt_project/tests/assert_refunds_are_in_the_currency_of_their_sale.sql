{{ config(meta={'dagster': {'ref': {'name': 'int_opportunities__reversed'}}}) }}

-- An amount in another currency would be taken off as if it were in the sale's own.
with refunds as (
    select * from {{ ref('int_refunds__unioned') }}
),

opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
)

select
    refunds.refund_id,
    refunds.opportunity_id,
    refunds.currency as refund_currency,
    opportunities.currency as opportunity_currency
from refunds
inner join opportunities on refunds.opportunity_id = opportunities.opportunity_id
where refunds.currency <> opportunities.currency

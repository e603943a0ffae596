{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_opportunities__reversed'}}}) }}

-- A credit note for what was never won, or is not in the CRM, takes nothing back.
with refunds as (
    select * from {{ ref('int_refunds__unioned') }}
),

opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where is_won and not is_deleted
)

select
    refunds.refund_id,
    refunds.opportunity_id
from refunds
left join opportunities on refunds.opportunity_id = opportunities.opportunity_id
where opportunities.opportunity_id is null

{{ config(meta={'dagster': {'ref': {'name': 'fct_conversions'}}}) }}

-- Each opportunity that the CRM calls won is one conversion of its whole amount.
with won as (
    select opportunity_id, coalesce(amount_reporting, 0) as amount_reporting
    from {{ ref('fct_opportunities') }}
    where is_won
),

converted as (
    select opportunity_id, conversion_value
    from {{ ref('fct_conversions') }}
    where conversion_type = 'closed_won'
)

select
    won.opportunity_id as won_opportunity_id,
    converted.opportunity_id as converted_opportunity_id,
    won.amount_reporting,
    converted.conversion_value
from won
full outer join converted on won.opportunity_id = converted.opportunity_id
where won.amount_reporting is distinct from converted.conversion_value

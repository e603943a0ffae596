{{ config(meta={'dagster': {'ref': {'name': 'fct_conversions'}}}) }}

-- What the CRM calls won, less the credit notes, is what the wins and refunds add up to.
with won as (
    select opportunity_id, net_amount_reporting
    from {{ ref('fct_opportunities') }}
    where is_won
),

converted as (
    select
        opportunity_id,
        count(*) filter (where reversed_conversion_id is null) as wins,
        sum(conversion_value) as conversion_value
    from {{ ref('fct_conversions') }}
    where conversion_type = 'closed_won'
    group by opportunity_id
)

select
    won.opportunity_id as won_opportunity_id,
    converted.opportunity_id as converted_opportunity_id,
    won.net_amount_reporting,
    converted.conversion_value
from won
full outer join converted on won.opportunity_id = converted.opportunity_id
where
    won.net_amount_reporting is distinct from converted.conversion_value
    or converted.wins is distinct from 1

{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution_credits'}}}) }}

-- A conversion that no version of a model covers would silently lack that model's credits.
with models as (
    select distinct attribution_model, conversion_type from {{ ref('attribution_models') }}
),

conversions as (
    select conversion_id, conversion_type from {{ ref('fct_conversions') }}
),

credits as (
    select distinct attribution_model, conversion_id from {{ ref('fct_attribution_credits') }}
)

select
    models.attribution_model,
    conversions.conversion_id
from conversions
inner join models on conversions.conversion_type = models.conversion_type
left join credits
    on models.attribution_model = credits.attribution_model
    and conversions.conversion_id = credits.conversion_id
where credits.conversion_id is null

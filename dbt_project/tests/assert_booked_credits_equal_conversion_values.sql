{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution_credits'}}}) }}

-- Every model shares out every conversion to the cent: nothing lost, nothing invented.
with credits as (
    select
        attribution_model,
        conversion_id,
        sum(booked_credit) as booked_credit
    from {{ ref('fct_attribution_credits') }}
    group by all
),

assigned as (
    select
        models.attribution_model,
        conversions.conversion_id
    from {{ ref('int_attribution__models_assigned') }} as models
    inner join {{ ref('int_conversions__accumulated') }} as conversions
        on models.conversion_id = conversions.weighed_conversion_id
),

conversions as (
    select conversion_id, conversion_value from {{ ref('fct_conversions') }}
)

select
    assigned.attribution_model,
    assigned.conversion_id,
    conversions.conversion_value,
    credits.booked_credit
from assigned
inner join conversions on assigned.conversion_id = conversions.conversion_id
left join credits
    on assigned.attribution_model = credits.attribution_model
    and assigned.conversion_id = credits.conversion_id
where credits.booked_credit is distinct from conversions.conversion_value

-- one row per model and conversion type: what was shared out, and what the CRM says
with credits as (
    select
        attribution_model,
        conversion_type,
        conversion_id,
        sum(booked_credit) as booked_credit
    from {{ ref('fct_attribution_credits') }}
    group by all
),

-- a refund is shared out under the models of the win that it takes back
assigned as (
    select
        models.attribution_model,
        models.conversion_type,
        conversions.conversion_id
    from {{ ref('int_attribution__models_assigned') }} as models
    inner join {{ ref('int_conversions__accumulated') }} as conversions
        on models.conversion_id = conversions.weighed_conversion_id
),

conversions as (
    select * from {{ ref('fct_conversions') }}
)

select
    assigned.attribution_model,
    assigned.conversion_type,
    count(*) as conversions,
    sum(conversions.conversion_value) as conversion_value,
    sum(coalesce(credits.booked_credit, 0)) as booked_credit,
    count(*) filter (
        where coalesce(credits.booked_credit, 0) <> conversions.conversion_value
    ) as conversions_that_differ
from assigned
inner join conversions on assigned.conversion_id = conversions.conversion_id
left join credits
    on assigned.attribution_model = credits.attribution_model
    and assigned.conversion_id = credits.conversion_id
group by all

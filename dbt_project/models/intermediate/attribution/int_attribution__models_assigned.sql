{{ config(materialized='table') }}

with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where reversed_conversion_id is null
),

models as (
    select * from {{ ref('attribution_models') }}
),

rules as (
    select * from {{ ref('int_journey_rules__numbered') }}
),

-- a conversion is weighed by the model as it was valid on the conversion's day
assigned as (
    select
        conversions.conversion_id,
        conversions.converted_date,
        models.*
    from conversions
    inner join models
        on conversions.conversion_type = models.conversion_type
        and conversions.converted_date >= models.valid_from
    qualify row_number() over (
            partition by conversions.conversion_id, models.attribution_model
            order by models.valid_from desc, models.version desc
        ) = 1
)

select
    assigned.*,
    rules.journey_rule_id
from assigned
inner join rules
    on assigned.conversion_type = rules.conversion_type
    and assigned.lookback_days = rules.lookback_days
    and assigned.direct_policy = rules.direct_policy
    and assigned.fold_same_day = rules.fold_same_day
    and assigned.include_sales = rules.include_sales
    and assigned.include_impressions_and_opens = rules.include_impressions_and_opens

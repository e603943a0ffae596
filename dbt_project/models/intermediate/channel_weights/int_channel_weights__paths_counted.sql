{{ config(materialized='table', tags=['fit_input']) }}

-- one row per fit and sequence of channels: how many that took it converted, and how many did not
with fits as (
    select * from {{ ref('int_channel_weights__fits_due') }}
),

conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where reversed_conversion_id is null
),

positions as (
    select * from {{ ref('int_journeys__touchpoints_positioned') }}
    where journey_rule_id in (select journey_rule_id from fits)
),

converted_paths as (
    select
        journey_rule_id,
        conversion_id,
        list(channel order by touch_position) as channel_path
    from positions
    group by all
),

observed as (
    select
        fits.journey_rule_id,
        fits.fit_month,
        fits.fit_version,
        converted_paths.channel_path,
        1 as conversions,
        conversions.conversion_value,
        0 as non_conversions
    from fits
    inner join conversions
        on fits.conversion_type = conversions.conversion_type
        and fits.fitted_from <= conversions.converted_at
        and fits.fitted_until >= conversions.converted_at
    inner join converted_paths
        on fits.journey_rule_id = converted_paths.journey_rule_id
        and conversions.conversion_id = converted_paths.conversion_id
    union all
    select
        journey_rule_id,
        fit_month,
        fit_version,
        channel_path,
        0 as conversions,
        0 as conversion_value,
        1 as non_conversions
    from {{ ref('int_channel_weights__unconverted_paths') }}
)

select
    observed.journey_rule_id,
    fits.conversion_type,
    observed.fit_month,
    observed.fit_version,
    observed.channel_path,
    cast(sum(observed.conversions) as bigint) as conversions,
    cast(sum(observed.conversion_value) as decimal(18, 2)) as conversion_value,
    cast(sum(observed.non_conversions) as bigint) as non_conversions
from observed
inner join fits
    on observed.journey_rule_id = fits.journey_rule_id and observed.fit_month = fits.fit_month
group by all

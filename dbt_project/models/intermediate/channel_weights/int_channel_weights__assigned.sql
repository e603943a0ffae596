{{ config(materialized='table') }}

-- One row per data-driven model, conversion and channel of its journey. A conversion takes the
-- weights of the last month that was closed before it; one before the first fit takes the first.
-- A channel that the fit has not seen takes the mean weight. Both are flagged.
with assigned as (
    select * from {{ ref('int_attribution__models_assigned') }}
    where channel_weights <> 'none'
),

-- of a month that was fitted again the last version counts
fitted as (
    select * from {{ ref('int_channel_weights__fitted') }}
    where chain_order is null or chain_order = 1
    qualify fit_version = max(fit_version) over (
            partition by journey_rule_id, channel_weights, fit_month
        )
),

fits as (
    select
        journey_rule_id,
        channel_weights,
        fit_month,
        fit_version,
        cast(avg(cast(channel_weight as decimal(28, 12))) as double) as mean_weight
    from fitted
    group by all
),

journeys as (
    select distinct journey_rule_id, conversion_id, channel
    from {{ ref('int_journeys__touchpoints_positioned') }}
),

chosen as (
    select
        assigned.attribution_model,
        assigned.version as model_version,
        assigned.conversion_id,
        assigned.journey_rule_id,
        assigned.channel_weights,
        fits.fit_month,
        fits.fit_version,
        fits.mean_weight,
        fits.fit_month >= date_trunc('month', assigned.converted_date) as is_before_first_fit
    from assigned
    inner join fits
        on assigned.journey_rule_id = fits.journey_rule_id
        and assigned.channel_weights = fits.channel_weights
    -- the last month before the conversion, else the first of all
    qualify row_number() over (
            partition by assigned.attribution_model, assigned.conversion_id
            order by
                is_before_first_fit asc,
                case when is_before_first_fit then fits.fit_month end asc,
                fits.fit_month desc
        ) = 1
)

select
    chosen.attribution_model,
    chosen.model_version,
    chosen.conversion_id,
    journeys.channel,
    coalesce(fitted.channel_weight, chosen.mean_weight) as channel_weight,
    strftime(chosen.fit_month, '%Y-%m') || ' v' || chosen.fit_version as weights_version,
    chosen.is_before_first_fit,
    fitted.channel is null as is_unseen_channel
from chosen
inner join journeys
    on chosen.journey_rule_id = journeys.journey_rule_id
    and chosen.conversion_id = journeys.conversion_id
left join fitted
    on chosen.journey_rule_id = fitted.journey_rule_id
    and chosen.channel_weights = fitted.channel_weights
    and chosen.fit_month = fitted.fit_month
    and journeys.channel = fitted.channel

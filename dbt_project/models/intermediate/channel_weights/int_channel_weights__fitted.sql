-- one row per fit, method and channel: the frozen ones, and those of this run
with frozen as (
    select * from {{ source('history', 'channel_weight_fits') }}
),

fresh as (
    select * from {{ source('statistics', 'channel_weights') }}
)

select
    journey_rule_id,
    conversion_type,
    fit_month,
    fit_version,
    channel_weights,
    chain_order,
    channel,
    channel_weight,
    standard_error,
    credit_share,
    conversions,
    non_conversions
from frozen
union all
select
    fresh.journey_rule_id,
    fresh.conversion_type,
    fresh.fit_month,
    fresh.fit_version,
    fresh.channel_weights,
    fresh.chain_order,
    fresh.channel,
    fresh.channel_weight,
    fresh.standard_error,
    fresh.credit_share,
    fresh.conversions,
    fresh.non_conversions
from fresh
anti join frozen
    on fresh.journey_rule_id = frozen.journey_rule_id
    and fresh.fit_month = frozen.fit_month
    and fresh.fit_version = frozen.fit_version

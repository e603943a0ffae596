select
    conversion_type,
    journey_rule_id,
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
from {{ ref('int_channel_weights__fitted') }}

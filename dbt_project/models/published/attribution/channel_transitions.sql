select
    conversion_type,
    journey_rule_id,
    fit_month,
    fit_version,
    from_channel,
    to_channel,
    is_conversion,
    transitions,
    probability
from {{ ref('fct_channel_transitions') }}

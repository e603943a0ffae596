select
    report_month,
    channel,
    claimed_conversions,
    credited_linear,
    credited_last_touch,
    {{ overclaim_ratio('claimed_conversions', 'credited_linear') }} as overclaim_ratio
from {{ ref('fct_platform_claims') }}

select
    restatement,
    ledger_sequence,
    report_month,
    conversion_type,
    attribution_model,
    channel,
    cause,
    count(distinct conversion_id) as conversions,
    cast(sum(credit_change) as decimal(18, 6)) as credit_change
from {{ ref('fct_attribution_restatements') }}
group by all

select
    platform,
    report_level,
    account_id,
    report_date,
    metric,
    first_value,
    current_value,
    difference,
    versions
from {{ ref('fct_ad_restatements') }}

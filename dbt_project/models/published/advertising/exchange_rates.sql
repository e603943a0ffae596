select
    currency,
    report_date,
    units_per_euro,
    rate_date,
    is_rate_carried_forward
from {{ ref('fct_exchange_rates_daily') }}

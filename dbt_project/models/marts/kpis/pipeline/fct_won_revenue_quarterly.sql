-- One row per opportunity and quarter in which it was won or refunded. A refund counts in the
-- quarter of its own day, so that what was said of the win's quarter stays true.
select
    cast(date_trunc('quarter', converted_date) as date) as period_start,
    opportunity_id,
    cast(sum(conversion_value) as decimal(18, 2)) as revenue,
    count(*) filter (where reversed_conversion_id is null) as won
from {{ ref('fct_conversions') }}
where conversion_type = 'closed_won'
group by all

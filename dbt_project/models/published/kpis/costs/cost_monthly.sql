select
    cost_month,
    cost_category,
    team,
    channel,
    campaign_type,
    cast(sum(cost) as decimal(18, 6)) as cost
from {{ ref('fct_costs_monthly') }}
group by all

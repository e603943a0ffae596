select
    report_date,
    channel,
    cast(sum(spend) as decimal(18, 6)) as spend,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(clicks) as bigint) as clicks,
    cast(sum(platform_conversions) as decimal(18, 2)) as platform_conversions,
    cast(sum(touchpoints) as bigint) as touchpoints,
    bool_or(is_spend_settling) as is_spend_settling,
    bool_or(is_conversions_settling) as is_conversions_settling,
    {{ cost_per_click() }} as cost_per_click
from {{ ref('fct_campaign_channel_daily') }}
group by all

select
    platform,
    account_id,
    campaign_id,
    campaign,
    channel,
    ad_group_id,
    ad_id,
    currency,
    time_zone,
    impressions,
    clicks,
    spend,
    spend_reporting,
    platform_conversions,
    is_unallocated,
    report_date
from {{ ref('fct_ad_performance_daily') }}

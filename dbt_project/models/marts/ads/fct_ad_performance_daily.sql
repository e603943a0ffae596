with spend as (
    select * from {{ ref('int_ads__spend_classified') }}
),

time_zones as (
    select * from {{ ref('int_ads__time_zones_compared') }}
),

platforms as (
    select * from {{ ref('int_ads__platforms_settled') }}
)

select
    spend.platform,
    spend.account_id,
    spend.campaign_id,
    spend.campaign,
    spend.channel,
    spend.ad_group_id,
    spend.ad_id,
    spend.currency,
    spend.time_zone,
    coalesce(time_zones.day_comparability, 'unknown') as day_comparability,
    spend.impressions,
    spend.clicks,
    spend.spend,
    spend.spend_reporting,
    spend.rate_date,
    spend.is_rate_carried_forward,
    spend.platform_conversions,
    spend.is_unallocated,
    spend.report_date > platforms.spend_settled_until as is_spend_settling,
    spend.report_date > platforms.conversions_settled_until as is_conversions_settling,
    spend.report_date
from spend
left join time_zones on spend.time_zone = time_zones.time_zone
left join platforms on spend.platform = platforms.platform

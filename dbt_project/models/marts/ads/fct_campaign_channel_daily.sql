-- one row per day, channel and campaign: what was spent, and how often people were touched
with spent as (
    select
        report_date,
        channel,
        campaign,
        sum(spend_reporting) as spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(platform_conversions) as platform_conversions,
        bool_or(is_spend_settling) as is_spend_settling,
        bool_or(is_conversions_settling) as is_conversions_settling
    from {{ ref('fct_ad_performance_daily') }}
    group by all
),

touched as (
    select
        occurred_date as report_date,
        channel,
        campaign,
        count(*) as touchpoints
    from {{ ref('fct_touchpoints') }}
    where ineligible_reason is null
    group by all
)

select
    coalesce(spent.report_date, touched.report_date) as report_date,
    coalesce(spent.channel, touched.channel) as channel,
    coalesce(spent.campaign, touched.campaign) as campaign,
    cast(coalesce(spent.spend, 0) as decimal(18, 6)) as spend,
    cast(coalesce(spent.impressions, 0) as bigint) as impressions,
    cast(coalesce(spent.clicks, 0) as bigint) as clicks,
    cast(coalesce(spent.platform_conversions, 0) as decimal(18, 6)) as platform_conversions,
    coalesce(spent.is_spend_settling, false) as is_spend_settling,
    coalesce(spent.is_conversions_settling, false) as is_conversions_settling,
    coalesce(touched.touchpoints, 0) as touchpoints
from spent
full outer join touched
    on spent.report_date = touched.report_date
    and spent.channel = touched.channel
    and spent.campaign is not distinct from touched.campaign

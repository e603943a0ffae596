{{ config(meta={'dagster': {'ref': {'name': 'fct_ad_performance_daily'}}}) }}

-- Every platform's spend arrives whole, in its own currency: what its ads spent, or where a
-- campaign reports more than its ads, what the campaign spent.
with ads as (
    select platform, campaign_id, report_date, sum(spend) as spend
    from {{ ref('int_ads__performance_unioned') }}
    group by all
),

campaigns as (
    select platform, campaign_id, report_date, sum(spend) as spend
    from {{ ref('int_ads__campaign_spend_unioned') }}
    group by all
),

reported as (
    select
        platform,
        campaign_id,
        report_date,
        coalesce(campaigns.spend, ads.spend) as spend
    from ads
    full outer join campaigns using (platform, campaign_id, report_date)
),

arrived as (
    select platform, campaign_id, report_date, sum(spend) as spend
    from {{ ref('fct_ad_performance_daily') }}
    group by all
)

select
    platform,
    campaign_id,
    report_date,
    reported.spend as reported_spend,
    arrived.spend as arrived_spend
from reported
full outer join arrived using (platform, campaign_id, report_date)
where coalesce(reported.spend, 0) <> coalesce(arrived.spend, 0)

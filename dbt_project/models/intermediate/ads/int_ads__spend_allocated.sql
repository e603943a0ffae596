with ads as (
    select * from {{ ref('int_ads__performance_unioned') }}
),

campaigns as (
    select * from {{ ref('int_ads__campaign_spend_unioned') }}
),

ads_by_campaign as (
    select
        platform,
        account_id,
        campaign_id,
        report_date,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(platform_conversions) as platform_conversions
    from ads
    group by all
),

-- what a campaign spent beyond its ads: all of it for campaign types that have no ad rows
unallocated as (
    select
        campaigns.platform,
        campaigns.utm_source,
        campaigns.click_id_kind,
        campaigns.account_id,
        campaigns.campaign_id,
        campaigns.campaign_name,
        cast(null as string) as ad_group_id,
        'unallocated' as ad_id,
        campaigns.currency,
        cast(campaigns.impressions - coalesce(ads_by_campaign.impressions, 0) as bigint)
            as impressions,
        cast(campaigns.clicks - coalesce(ads_by_campaign.clicks, 0) as bigint) as clicks,
        cast(
            campaigns.spend - coalesce(ads_by_campaign.spend, 0) as decimal(18, 6)
        ) as spend,
        cast(
            campaigns.platform_conversions
            - coalesce(ads_by_campaign.platform_conversions, 0) as decimal(18, 6)
        ) as platform_conversions,
        campaigns.report_date,
        true as is_unallocated
    from campaigns
    -- a platform may name the account in neither report; null is then the same account
    left join ads_by_campaign
        on campaigns.platform = ads_by_campaign.platform
        and campaigns.account_id is not distinct from ads_by_campaign.account_id
        and campaigns.campaign_id = ads_by_campaign.campaign_id
        and campaigns.report_date = ads_by_campaign.report_date
)

select *, false as is_unallocated from ads
union all by name
select * from unallocated
where spend <> 0 or clicks <> 0 or impressions <> 0 or platform_conversions <> 0

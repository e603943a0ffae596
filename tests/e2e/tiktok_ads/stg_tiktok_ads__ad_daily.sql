with source as (
    select
        *,
        {{ superseded_in('tiktok_ads', 'ad_daily') }} as superseded_in
    from {{ source('tiktok_ads', 'ad_daily') }}
),

conformed as (
    select
        'tiktok_ads' as platform,
        'tiktok' as utm_source,
        cast(null as string) as click_id_kind,
        advertiser_id as account_id,
        campaign_id,
        campaign_name,
        adgroup_id as ad_group_id,
        ad_id,
        currency,

        impressions,
        clicks,
        spend,
        cast(coalesce(conversion, 0) as decimal(18, 6)) as platform_conversions,

        stat_time_day as report_date,

        _file_sequence as delivered_in,
        superseded_in
    from source
)

select * from conformed

with source as (
    select * from {{ source('google_ads', 'ad_daily') }}
    qualify {{ is_current('google_ads', 'ad_daily') }}
),

conformed as (
    select
        'google_ads' as platform,
        'google' as utm_source,
        'gclid' as click_id_kind,
        customer_id as account_id,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_id,
        cast(null as string) as currency,

        impressions,
        clicks,
        cast(cost_micros * 0.000001 as decimal(18, 6)) as spend,
        cast(coalesce(conversions, 0) as decimal(18, 6)) as platform_conversions,

        segments_date as report_date
    from source
)

select * from conformed

with source as (
    select
        *,
        {{ superseded_in('microsoft_ads', 'ad_daily') }} as superseded_in
    from {{ source('microsoft_ads', 'ad_daily') }}
),

conformed as (
    select
        'microsoft_ads' as platform,
        'bing' as utm_source,
        cast(null as string) as click_id_kind,
        account_id,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_id,
        currency_code as currency,

        impressions,
        clicks,
        spend,
        cast(
            coalesce({{ counted_action('microsoft_ads') }}, 0) as decimal(18, 6)
        ) as platform_conversions,

        date as report_date,

        _file_sequence as delivered_in,
        superseded_in
    from source
)

select * from conformed

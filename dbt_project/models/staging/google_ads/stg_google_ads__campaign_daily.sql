with source as (
    select
        *,
        {{ superseded_in('google_ads', 'campaign_daily') }} as superseded_in
    from {{ source('google_ads', 'campaign_daily') }}
),

conformed as (
    select
        'google_ads' as platform,
        'google' as utm_source,
        'gclid' as click_id_kind,
        customer_id as account_id,
        campaign_id,
        campaign_name,
        cast(null as string) as currency,

        impressions,
        clicks,
        cast(cost_micros * 0.000001 as decimal(18, 6)) as spend,
        cast(
            coalesce({{ counted_action('google_ads') }}, 0) as decimal(18, 6)
        ) as platform_conversions,

        segments_date as report_date,

        _file_sequence as delivered_in,
        superseded_in
    from source
)

select * from conformed

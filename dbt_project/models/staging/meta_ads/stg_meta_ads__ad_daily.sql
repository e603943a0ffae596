with source as (
    select
        *,
        {{ superseded_in('meta_ads', 'ad_daily') }} as superseded_in
    from {{ source('meta_ads', 'ad_daily') }}
),

conformed as (
    select
        'meta_ads' as platform,
        'facebook' as utm_source,
        cast(null as string) as click_id_kind,
        account_id,
        campaign_id,
        campaign_name,
        adset_id as ad_group_id,
        ad_id,
        account_currency as currency,

        impressions,
        coalesce(inline_link_clicks, 0) as clicks,
        spend,
        cast(
            coalesce({{ counted_action('meta_ads') }}, 0) as decimal(18, 6)
        ) as platform_conversions,

        date_start as report_date,

        _file_sequence as delivered_in,
        superseded_in
    from source
)

select * from conformed

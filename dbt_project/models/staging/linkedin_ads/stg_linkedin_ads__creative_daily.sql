with source as (
    select
        *,
        {{ superseded_in('linkedin_ads', 'creative_daily') }} as superseded_in
    from {{ source('linkedin_ads', 'creative_daily') }}
),

conformed as (
    select
        'linkedin_ads' as platform,
        'linkedin' as utm_source,
        cast(null as string) as click_id_kind,
        cast(null as string) as account_id,
        campaign_id,
        cast(null as string) as campaign_name,
        campaign_id as ad_group_id,
        creative_id as ad_id,
        cast(null as string) as currency,

        impressions,
        coalesce(landing_page_clicks, clicks) as clicks,
        cost_in_local_currency as spend,
        cast(
            coalesce({{ counted_action('linkedin_ads') }}, 0) as decimal(18, 6)
        ) as platform_conversions,

        day as report_date,

        _file_sequence as delivered_in,
        superseded_in
    from source
)

select * from conformed

{{ config(materialized='table') }}

-- spend has no visit of its own; its channel is what the rules say of a click on the ad
with spend as (
    select * from {{ ref('int_ads__spend_converted') }}
),

rules as (
    select * from {{ ref('int_channel_rules__completed') }}
    where touchpoint_type = 'web_session' or touchpoint_type is null
),

origins as (
    select distinct
        coalesce(utm_source, '') as utm_source,
        click_id_kind,
        coalesce(campaign, '') as campaign
    from spend
),

classified as (
    select
        origins.*,
        rules.channel
    from origins
    inner join rules
        on (rules.click_id_kind is null or origins.click_id_kind = rules.click_id_kind)
        and regexp_matches(origins.utm_source, coalesce(rules.source_pattern, ''))
        and regexp_matches('cpc', coalesce(rules.medium_pattern, ''))
        and regexp_matches(origins.campaign, coalesce(rules.campaign_pattern, ''))
    qualify row_number() over (
            partition by origins.utm_source, origins.click_id_kind, origins.campaign
            order by rules.rule_order
        ) = 1
)

select
    spend.*,
    classified.channel
from spend
inner join classified
    on coalesce(spend.utm_source, '') = classified.utm_source
    and spend.click_id_kind is not distinct from classified.click_id_kind
    and coalesce(spend.campaign, '') = classified.campaign

-- few origins have many touchpoints, so the rules are tried once an origin
with origins as (
    select distinct
        origin_type,
        click_id_kind,
        origin_source,
        origin_medium,
        coalesce(campaign, '') as origin_campaign
    from {{ ref('int_touchpoints__judged') }}
),

rules as (
    select * from {{ ref('int_channel_rules__completed') }}
),

sources as (
    select distinct origin_source from origins
),

source_patterns as (
    select distinct source_pattern from rules
),

media as (
    select distinct origin_medium from origins
),

medium_patterns as (
    select distinct medium_pattern from rules
),

campaigns as (
    select distinct origin_campaign from origins
),

campaign_patterns as (
    select distinct campaign_pattern from rules
),

-- a pattern is dear to try, so each is tried once a text
matched_sources as (
    select * from sources
    inner join source_patterns on regexp_matches(origin_source, source_pattern)
),

matched_media as (
    select * from media
    inner join medium_patterns on regexp_matches(origin_medium, medium_pattern)
),

matched_campaigns as (
    select * from campaigns
    inner join campaign_patterns on regexp_matches(origin_campaign, campaign_pattern)
)

select
    origins.origin_type,
    origins.click_id_kind,
    origins.origin_source,
    origins.origin_medium,
    origins.origin_campaign,
    rules.channel
from origins
inner join rules
    on (rules.touchpoint_type is null or origins.origin_type = rules.touchpoint_type)
    and (rules.click_id_kind is null or origins.click_id_kind = rules.click_id_kind)
left join matched_sources
    on origins.origin_source = matched_sources.origin_source
    and rules.source_pattern = matched_sources.source_pattern
left join matched_media
    on origins.origin_medium = matched_media.origin_medium
    and rules.medium_pattern = matched_media.medium_pattern
left join matched_campaigns
    on origins.origin_campaign = matched_campaigns.origin_campaign
    and rules.campaign_pattern = matched_campaigns.campaign_pattern
where
    (rules.source_pattern is null or matched_sources.source_pattern is not null)
    and (rules.medium_pattern is null or matched_media.medium_pattern is not null)
    and (rules.campaign_pattern is null or matched_campaigns.campaign_pattern is not null)
qualify row_number() over (
        partition by
            origins.origin_type, origins.click_id_kind, origins.origin_source,
            origins.origin_medium, origins.origin_campaign
        order by rules.rule_order
    ) = 1

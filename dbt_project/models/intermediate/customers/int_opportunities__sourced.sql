{{ config(materialized='table') }}

-- One row per opportunity: what came first. Touchpoints count from the lookback of first_touch
-- before its creation on, so that `first_channel` is the channel that this model credits.
with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

accounts as (
    select account_id, industry from {{ ref('int_accounts__unified') }}
),

lead_sources as (
    select * from {{ ref('lead_sources') }}
),

lookback as (
    select max(lookback_days) as lookback_days
    from {{ ref('attribution_models') }}
    where attribution_model = 'first_touch' and conversion_type = 'opportunity_created'
),

touched as (
    select
        opportunities.opportunity_id,
        touchpoints.channel,
        touchpoints.campaign,
        touchpoints.is_sales,
        channels.channel_group in ('paid', 'owned', 'earned') as is_marketing,
        touchpoints.occurred_at,
        (
            touchpoints.occurred_at, touchpoints.touchpoint_priority, touchpoints.source_rank,
            touchpoints.touchpoint_id
        ) as place
    from opportunities
    cross join lookback
    inner join {{ ref('int_buying_groups__resolved') }} as buying_groups
        on opportunities.opportunity_id = buying_groups.opportunity_id
    inner join {{ ref('int_touchpoints__classified') }} as touchpoints
        on buying_groups.person_id = touchpoints.person_id
        and opportunities.created_at >= touchpoints.occurred_at
        and opportunities.created_at - to_days(cast(lookback.lookback_days as integer))
        <= touchpoints.occurred_at
        and not touchpoints.is_impression_or_open
    inner join {{ ref('channels') }} as channels on touchpoints.channel = channels.channel
),

first_touched as (
    select
        opportunity_id,
        arg_min(channel, place) filter (where not is_sales) as first_channel,
        arg_min(campaign, place) filter (where not is_sales and campaign is not null)
            as first_campaign,
        arg_min(is_marketing, place) filter (where not is_sales) as is_first_touch_marketing,
        min(occurred_at) filter (where is_marketing) as first_marketing_at,
        min(occurred_at) filter (where is_sales) as first_sales_at
    from touched
    group by opportunity_id
)

select
    opportunities.opportunity_id,
    coalesce(opportunities.account_id, 'opportunity:' || opportunities.opportunity_id)
        as customer_id,
    coalesce(opportunities.lead_source, 'unknown') as lead_source,
    coalesce(accounts.industry, 'unknown') as segment,
    coalesce(first_touched.first_channel, 'unattributed') as first_channel,
    first_touched.first_campaign,
    coalesce(lead_sources.is_marketing, false) as is_sourced_by_field,
    coalesce(first_touched.is_first_touch_marketing, false) as is_sourced_by_first_touch,
    -- sales has spoken to them when the opportunity is created, at the latest
    coalesce(
        first_touched.is_first_touch_marketing
        and first_touched.first_marketing_at
        < coalesce(first_touched.first_sales_at, opportunities.created_at),
        false
    ) as is_sourced_before_sales,
    first_touched.first_marketing_at,
    first_touched.first_sales_at
from opportunities
left join accounts on opportunities.account_id = accounts.account_id
left join lead_sources on opportunities.lead_source = lead_sources.lead_source
left join first_touched on opportunities.opportunity_id = first_touched.opportunity_id

{{ config(materialized='table') }}

-- One row per customer: what the buying group had been through when the first opportunity was won.
-- The lookback is that of first_touch, so that the acquisition channel is among the touchpoints.
with customers as (
    select * from {{ ref('int_customers__acquired') }}
),

buying_groups as (
    select * from {{ ref('int_buying_groups__resolved') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
    where not is_sales and not is_impression_or_open
),

patterns as (
    select * from {{ ref('engagement_patterns') }}
),

lookback as (
    select max(lookback_days) as lookback_days
    from {{ ref('attribution_models') }}
    where attribution_model = 'first_touch' and conversion_type = 'closed_won'
),

won as (
    select
        customers.customer_id,
        customers.opportunity_id,
        customers.acquired_date,
        {{ end_of_day('customers.acquired_date') }} as won_at,
        to_days(cast(lookback.lookback_days as integer)) as lookback
    from customers
    cross join lookback
),

engaged as (
    select
        won.customer_id,
        count(touchpoints.touchpoint_id) as touchpoints,
        count(distinct touchpoints.channel) as channels,
        won.acquired_date - max(touchpoints.occurred_date) as days_since_last_touchpoint
    from won
    left join buying_groups on won.opportunity_id = buying_groups.opportunity_id
    left join touchpoints
        on buying_groups.person_id = touchpoints.person_id
        and won.won_at - won.lookback <= touchpoints.occurred_at
        and won.won_at >= touchpoints.occurred_at
    group by won.customer_id, won.acquired_date
),

-- what is left open in the seed admits any number
fitting as (
    select
        engaged.customer_id,
        arg_min(patterns.engagement_pattern, patterns.rule_order) as engagement_pattern
    from engaged
    inner join patterns
        on engaged.touchpoints >= coalesce(patterns.min_touchpoints, 0)
        and (patterns.max_touchpoints is null or engaged.touchpoints <= patterns.max_touchpoints)
        and engaged.channels >= coalesce(patterns.min_channels, 0)
        and (
            patterns.min_days_since_last is null
            or engaged.days_since_last_touchpoint >= patterns.min_days_since_last
        )
        and (
            patterns.max_days_since_last is null
            or engaged.days_since_last_touchpoint <= patterns.max_days_since_last
        )
    group by engaged.customer_id
)

select
    engaged.customer_id,
    coalesce(fitting.engagement_pattern, 'unmatched') as engagement_pattern,
    engaged.touchpoints,
    engaged.channels,
    engaged.days_since_last_touchpoint
from engaged
left join fitting on engaged.customer_id = fitting.customer_id

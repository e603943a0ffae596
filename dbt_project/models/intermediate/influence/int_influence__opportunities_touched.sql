{{ config(materialized='table') }}

-- one row per won opportunity and definition: whether anything but sales touched its group in time
with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where conversion_type = 'closed_won' and reversed_conversion_id is null
),

opportunities as (
    select opportunity_id, created_at from {{ ref('int_opportunities__valued') }}
),

buying_groups as (
    select * from {{ ref('int_buying_groups__resolved') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
    where not is_sales
),

touched as (
    select
        conversions.opportunity_id,
        count(distinct buying_groups.person_id) as persons,
        count(touchpoints.touchpoint_id) as any_touch,
        count(touchpoints.touchpoint_id) filter (
            where not touchpoints.is_impression_or_open
        ) as responded,
        count(touchpoints.touchpoint_id) filter (
            where not touchpoints.is_impression_or_open
            and touchpoints.occurred_at > opportunities.created_at
        ) as after_creation
    from conversions
    inner join opportunities on conversions.opportunity_id = opportunities.opportunity_id
    left join buying_groups on conversions.opportunity_id = buying_groups.opportunity_id
    left join touchpoints
        on buying_groups.person_id = touchpoints.person_id
        and conversions.converted_at >= touchpoints.occurred_at
        and conversions.converted_at - to_days({{ var('influence_window_days') }})
        <= touchpoints.occurred_at
    group by conversions.opportunity_id
)

{% for definition in ['any_touch', 'responded', 'after_creation'] %}
    select
        opportunity_id,
        '{{ definition }}' as definition,
        persons,
        {{ definition }} > 0 as is_influenced
    from touched
    {% if not loop.last %} union all {% endif %}
{% endfor %}

{{ config(materialized='table', tags=['fit_input']) }}

-- One row per won opportunity, definition of influence and member of its buying group (one without
-- a person where there is nobody): all of the member's touchpoints, how many days of the influence
-- window they could fall on, and how many days are observed in all.
{% set window = var('influence_window_days') %}
with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where conversion_type = 'closed_won' and reversed_conversion_id is null
),

opportunities as (
    select opportunity_id, created_date from {{ ref('int_opportunities__valued') }}
),

buying_groups as (
    select * from {{ ref('int_buying_groups__resolved') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

observed as (
    select
        greatest(
            coalesce(reporting_date.as_of_date - min(touchpoints.occurred_date), 0), 0
        ) + 1 as observed_days
    from reporting_date
    left join touchpoints on true
    group by reporting_date.as_of_date
),

touched as (
    select
        person_id,
        count(*) as touches,
        count(*) filter (where not is_impression_or_open) as responses
    from touchpoints
    where not is_sales
    group by person_id
)

{% for definition, touches, window_days in [
    ('any_touch', 'touches', window),
    ('responded', 'responses', window),
    ('after_creation', 'responses', 'greatest(least(' ~ window
        ~ ', coalesce(conversions.converted_date - opportunities.created_date, 0)), 0)'),
] %}
    select
        cast(date_trunc('quarter', conversions.converted_date) as date) as period_start,
        '{{ definition }}' as definition,
        conversions.opportunity_id,
        buying_groups.person_id,
        coalesce(touched.{{ touches }}, 0) as touches,
        cast({{ window_days }} as bigint) as window_days,
        observed.observed_days
    from conversions
    inner join opportunities on conversions.opportunity_id = opportunities.opportunity_id
    cross join observed
    left join buying_groups on conversions.opportunity_id = buying_groups.opportunity_id
    left join touched on buying_groups.person_id = touched.person_id
    {% if not loop.last %} union all {% endif %}
{% endfor %}

{{ config(materialized='table') }}

-- One row per person and stage of the funnel. Who has reached a stage has passed those before it:
-- a stage without an instant, or with a later one than a later stage's, takes that of the latter.
{% set instants = {
    'lead': 'created_at', 'mql': 'mql_at', 'sql': 'sql_at', 'opportunity': 'opportunity_at',
    'won': end_of_day('won_date'),
} %}
with recorded as (
    {% for stage, instant in instants.items() %}
        select
            person_id,
            '{{ stage }}' as stage,
            {{ instant }} as recorded_at
        from {{ ref('int_funnel_persons__profiled') }}
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

inferred as (
    select
        recorded.person_id,
        recorded.stage,
        funnel_stages.stage_order,
        funnel_stages.next_stage,
        funnel_stages.window_days,
        recorded.recorded_at,
        min(recorded.recorded_at) over (
            partition by recorded.person_id
            order by funnel_stages.stage_order
            rows between current row and unbounded following
        ) as reached_at
    from recorded
    inner join {{ ref('funnel_stages') }} as funnel_stages
        on recorded.stage = funnel_stages.stage
)

select
    *,
    coalesce(reached_at < recorded_at, true) as is_inferred
from inferred
where reached_at is not null

-- How much of a KPI's change since the quarter before is its own, and how much only another mix of
-- channels: direct standardisation at the denominators of the quarter before.
with changes as (
    select * from {{ ref('fct_return_changes') }}
),

{% set areas = ['crm', 'touchpoints', 'ads', 'costs', 'margins'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as quality
    from {{ ref('fct_input_quality') }}
),

-- a channel that costs nothing in either quarter has no return on it; one that costs and brings no
-- customers belongs to what they cost
{% set channels -%}
    filter (
        where breakdown = 'channel'
        and (kpi = 'paid_cac' or base_denominator > 0 or now_denominator > 0)
    )
{%- endset %}
summed as (
    select
        kpi,
        period_start,
        attribution_model,
        bool_or(is_complete) as is_complete,
        coalesce(bool_or(is_unknown) filter (where is_common), false) as is_unknown,
        least(
            sum(base_conversions) filter (where breakdown = 'all'),
            sum(now_conversions) filter (where breakdown = 'all')
        ) as conversions,
        {% for sum in [
            'base_numerator', 'base_denominator', 'now_numerator', 'now_denominator',
            'standardised_numerator',
        ] %}
            sum({{ sum }}) filter (where is_common) as {{ sum }},
        {% endfor %}
        {% for measure in ['numerator', 'denominator'] %}
            {% set size = 'abs(base_' ~ measure ~ ') + abs(now_' ~ measure ~ ')' %}
            cast(coalesce(sum({{ size }}) filter (where is_common), 0) as double)
            / nullif(cast(sum({{ size }}) {{ channels }} as double), 0) as {{ measure }}_coverage,
        {% endfor %}
        count(*) filter (where is_common) as common_channels
    from changes
    group by kpi, period_start, attribution_model
    having bool_or(has_base) and bool_or(has_now)
),

calculated as (
    select
        summed.*,
        case when not is_unknown then {{ return_kpi('base_numerator', 'base_denominator') }} end
            as base,
        case when not is_unknown then {{ return_kpi('now_numerator', 'now_denominator') }} end
            as now,
        case
            when not is_unknown
                then {{ return_kpi('standardised_numerator', 'base_denominator') }}
        end as now_at_base_mix,
        case
            when common_channels > 0
                then least(coalesce(numerator_coverage, 1), coalesce(denominator_coverage, 1))
            else 0
        end as coverage,
        {{ freshness(
            'period_start', "last_day(cast(period_start + interval '2' month as date))",
            'inputs.settled_until'
        ) }} as freshness,
        inputs.quality
    from summed
    cross join inputs
)

select
    'quarter' as period,
    period_start,
    is_complete,
    attribution_model,
    kpi,
    {{ shown('base', 'conversions') }} as base,
    {{ shown('now', 'conversions') }} as now,
    {{ shown('now_at_base_mix', 'conversions') }} as now_at_base_mix,
    {{ shown('now_at_base_mix - base', 'conversions') }} as own_change,
    {{ shown('now - now_at_base_mix', 'conversions') }} as mix_change,
    coverage,
    cast(conversions as bigint) as sample_size,
    {{ grade('coverage', 'conversions', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'conversions', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [
            ('common_channels = 0', 'no_common_channel'),
            ('is_unknown', 'no_margin'),
            ('now_at_base_mix is null or base is null', 'no_spend'),
        ], 'conversions'
    ) }} as null_reason
from calculated

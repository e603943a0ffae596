-- One row per KPI, definition, period and part of the company: the figure as its own table has it,
-- against the period before, the frozen baseline and the target.
with started as (
    select coalesce(min(period_start), cast('1970-01-01' as date)) as first_day
    from {{ ref('pipeline_velocity') }}
),

quoted as (
    {% for quote in quoted_kpis() %}
        {% set outer = loop %}
        {% for figure in quote.figures %}
            {% set kpi, interval = (figure ~ ':').split(':')[:2] %}
            select distinct
                '{{ kpi }}' as kpi,
                {{ quote.variant }} as variant,
                {{ quote.breakdown }} as breakdown,
                {{ quote.breakdown_value }} as breakdown_value,
                {{ quote.period }} as period,
                {{ quote.period_start }} as period_start,
                {{ quote.is_complete }} as is_complete,
                cast({{ quoted_value(kpi, interval) }} as double) as value,
                cast({{ quoted_end('low', kpi, interval) }} as double) as value_low,
                cast({{ quoted_end('high', kpi, interval) }} as double) as value_high,
                {{ "'" ~ interval ~ "'" if interval else 'null' }} as interval_kind,
                {{ own_sample(kpi) }} as sample_size,
                {{ own_grade(kpi) }} as grade,
                case when {{ own_grade(kpi) }} > grade then 'sample_size' else grade_reason end
                    as grade_reason,
                -- where the row's headline figure is there, the reason is this figure's own
                case
                    when {{ quoted_value(kpi, interval) }} is null
                        then coalesce(null_reason, '{{ own_null_reason(kpi) }}')
                end as null_reason
            from {{ ref(quote.table) }}
            cross join started
            where {{ quote.where }}
            {% if not (outer.last and loop.last) %} union all {% endif %}
        {% endfor %}
    {% endfor %}
),

compared as (
    select
        quoted.*,
        metrics.unit,
        metrics.better,
        metrics.kind,
        quoted.variant in ({{ headline_variants() }}) as is_headline,
        earlier.value as previous_value,
        baselines.baseline_value,
        baselines.period_start as baseline_period_start,
        baselines.frozen_at as baseline_frozen_at,
        targets.target_value,
        {% for name, value, low, high in [
            ('change', 'earlier.value', 'earlier.value_low', 'earlier.value_high'),
            (
                'change_from_baseline', 'baselines.baseline_value', 'baselines.baseline_low',
                'baselines.baseline_high'
            ),
        ] %}
            quoted.value - {{ value }} as {{ name }},
            {{ change_bound('quoted.value', value, 'quoted.value_low', high, -1) }}
                as {{ name }}_low,
            {{ change_bound('quoted.value', value, 'quoted.value_high', low, 1) }}
                as {{ name }}_high,
            {{ relative_change('quoted.value', value) }} as relative_{{ name }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from quoted
    inner join {{ ref('dim_metrics') }} as metrics on quoted.kpi = metrics.kpi
    left join quoted as earlier
        on {{ same_figure('quoted', 'earlier') }}
        and quoted.period = earlier.period
        and quoted.period_start = earlier.period_start + {{ length_of('quoted.period') }}
    left join {{ ref('dim_kpi_baselines') }} as baselines
        on {{ same_figure('quoted', 'baselines') }}
        and quoted.period = baselines.period
        and baselines.is_current
    left join {{ ref('dim_kpi_targets') }} as targets
        on quoted.kpi = targets.kpi
        and quoted.breakdown = targets.breakdown
        and quoted.breakdown_value = targets.breakdown_value
        and quoted.period_start = targets.period_start
        and quoted.period = 'quarter'
        and targets.period_end = last_day(targets.period_start + interval '2' month)
        and quoted.variant in ({{ headline_variants() }})
)

select
    *,
    case better when 'higher' then value >= target_value else value <= target_value end
        as is_target_met
from compared

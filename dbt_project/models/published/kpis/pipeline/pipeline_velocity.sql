-- what a first channel is known from is touchpoints, everything else is the CRM's
with inputs as (
    {% for breakdown in ['all', 'source', 'channel', 'segment'] %}
        {% set areas = ['crm', 'touchpoints'] if breakdown == 'channel' else ['crm'] %}
        select
            '{{ breakdown }}' as breakdown,
            {{ settled_until(areas) }} as settled_until,
            {{ good_row_share(areas) }} as good_row_share
        from {{ ref('fct_input_quality') }}
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

cells as (
    select
        *,
        won + lost as closed
    from {{ ref('fct_pipeline_quarterly') }}
),

rated as (
    select
        cells.*,
        {{ win_rate('cells.won', 'cells.lost') }} as win_rate,
        {{ average_deal_value('cells.won_revenue', 'cells.won') }} as average_deal_value,
        -- how much of what was closed is known by this breakdown
        cast(
            sum(cells.closed) filter (
                where cells.breakdown_value not in ('unknown', 'unattributed')
            ) over breakdown as double
        ) / nullif(sum(cells.closed) over breakdown, 0) as coverage,
        {{ freshness('cells.period_start', 'cells.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.good_row_share
    from cells
    left join inputs on cells.breakdown = inputs.breakdown
    window breakdown as (
        partition by cells.period, cells.period_start, cells.basis, cells.breakdown
    )
),

moved as (
    select
        *,
        {{ shown(
            pipeline_velocity('opportunities', 'win_rate', 'average_deal_value', 'cycle_days'),
            'closed'
        ) }} as pipeline_velocity
    from rated
)

select
    period,
    period_start,
    basis,
    breakdown,
    breakdown_value,
    opportunities,
    open_opportunities,
    stale_opportunities,
    won,
    lost,
    won_revenue,
    {{ shown('win_rate', 'closed') }} as win_rate,
    {{ shown(wilson_bound('won', 'closed', -1), 'closed') }} as win_rate_low,
    {{ shown(wilson_bound('won', 'closed', 1), 'closed') }} as win_rate_high,
    {{ shown('average_deal_value', 'closed') }} as average_deal_value,
    {{ shown('cycle_days', 'closed') }} as cycle_days,
    pipeline_velocity,
    case when pipeline_velocity is not null then pipeline_velocity_low end
        as pipeline_velocity_low,
    case when pipeline_velocity is not null then pipeline_velocity_high end
        as pipeline_velocity_high,
    is_complete,
    is_mature,
    closed as sample_size,
    {{ grade('coverage', 'closed', 'freshness', 'good_row_share') }} as grade,
    {{ grade_reason('coverage', 'closed', 'freshness', 'good_row_share') }} as grade_reason,
    case when pipeline_velocity is null then {{ null_reason([
        ('closed = 0', 'no_closed_opportunities'),
        ('won = 0', 'no_won_opportunities'),
        ('cycle_days is null or cycle_days <= 0', 'no_cycle_days'),
    ], 'closed') }} end as null_reason
from moved

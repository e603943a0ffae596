-- One row per quarter and breakdown by which the mix of what was closed is held: what was closed
-- in it and in the quarter before, in all and in the groups that closed something in both.
with cells as (
    select * from {{ ref('fct_pipeline_quarterly') }}
    where period = 'quarter' and basis = 'period'
),

breakdowns as (
    select unnest(['segment', 'source', 'channel']) as breakdown
),

-- each group's quarter, and the same as the base of the next one
paired as (
    select
        period_start,
        breakdown,
        breakdown_value,
        won,
        lost,
        0 as base_won,
        0 as base_lost
    from cells
    union all
    select
        cast(period_start + interval '3' month as date) as period_start,
        breakdown,
        breakdown_value,
        0 as won,
        0 as lost,
        won as base_won,
        lost as base_lost
    from cells
),

compared as (
    select
        period_start,
        breakdown,
        sum(won) as won,
        sum(won + lost) as closed,
        sum(base_won) as base_won,
        sum(base_won + base_lost) as base_closed,
        sum(won + lost) > 0 and sum(base_won + base_lost) > 0 as is_common,
        {{ win_rate('sum(won)', 'sum(lost)') }} as win_rate
    from paired
    group by period_start, breakdown, breakdown_value
),

summed as (
    select
        period_start,
        breakdown,
        sum(won) as won,
        sum(closed) as closed,
        sum(base_won) as base_won,
        sum(base_closed) as base_closed,
        sum(won) filter (where is_common) as common_won,
        sum(closed) filter (where is_common) as common_closed,
        sum(base_won) filter (where is_common) as common_base_won,
        sum(base_closed) filter (where is_common) as common_base_closed,
        -- what would have been won of the base's groups at the rates of now
        sum(cast(base_closed * win_rate as decimal(38, 12))) filter (where is_common)
            as won_at_base_mix
    from compared
    group by period_start, breakdown
)

select
    cells.period_start,
    cells.period_end,
    breakdowns.breakdown,
    {% for measure in [
        'won', 'closed', 'base_won', 'base_closed', 'common_won', 'common_closed',
        'common_base_won', 'common_base_closed'
    ] %}
        cast(coalesce(summed.{{ measure }}, 0) as bigint) as {{ measure }},
    {% endfor %}
    cast(summed.won_at_base_mix as double) as won_at_base_mix,
    cells.is_complete
from cells
cross join breakdowns
left join summed
    on cells.period_start = summed.period_start and breakdowns.breakdown = summed.breakdown
where cells.breakdown = 'all'

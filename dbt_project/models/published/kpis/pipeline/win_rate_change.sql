-- How much of the win rate's change from quarter to quarter is its own, and how much only another
-- mix of what was closed: direct standardisation, as analytics/standardisation.py defines it.
with changes as (
    select
        *,
        least(closed, base_closed) as least_closed
    from {{ ref('fct_win_rate_changes') }}
),

inputs as (
    select
        {{ settled_until(['crm', 'touchpoints']) }} as settled_until,
        {{ good_row_share(['crm', 'touchpoints']) }} as good_row_share
    from {{ ref('fct_input_quality') }}
),

rated as (
    select
        changes.*,
        {{ win_rate('changes.won', '(changes.closed - changes.won)') }} as win_rate,
        {{ win_rate('changes.base_won', '(changes.base_closed - changes.base_won)') }}
            as win_rate_before,
        {{ win_rate('changes.common_won', '(changes.common_closed - changes.common_won)') }}
            as now_win_rate,
        {{ win_rate(
            'changes.common_base_won', '(changes.common_base_closed - changes.common_base_won)'
        ) }} as base_win_rate,
        changes.won_at_base_mix / nullif(changes.common_base_closed, 0) as now_at_base_mix,
        -- groups that came or went are the story where this is low
        least(
            cast(changes.common_closed + changes.common_base_closed as double)
            / nullif(changes.closed + changes.base_closed, 0),
            case
                when changes.common_closed + changes.common_base_closed = 0 then 0
                when changes.won + changes.base_won = 0 then 1
                else
                    cast(changes.common_won + changes.common_base_won as double)
                    / (changes.won + changes.base_won)
            end
        ) as coverage,
        {{ freshness('changes.period_start', 'changes.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.good_row_share
    from changes
    cross join inputs
)

select
    period_start,
    breakdown,
    closed,
    base_closed,
    {{ shown('win_rate', 'least_closed') }} as win_rate,
    {{ shown('win_rate_before', 'least_closed') }} as win_rate_before,
    {{ shown('win_rate - win_rate_before', 'least_closed') }} as win_rate_change,
    {{ shown(newcombe_bound('base_won', 'base_closed', 'won', 'closed', -1), 'least_closed') }}
        as win_rate_change_low,
    {{ shown(newcombe_bound('base_won', 'base_closed', 'won', 'closed', 1), 'least_closed') }}
        as win_rate_change_high,
    {{ shown('base_win_rate', 'least_closed') }} as base_win_rate,
    {{ shown('now_win_rate', 'least_closed') }} as now_win_rate,
    {{ shown('now_at_base_mix', 'least_closed') }} as now_at_base_mix,
    {{ shown('now_at_base_mix - base_win_rate', 'least_closed') }} as own_change,
    {{ shown('now_win_rate - now_at_base_mix', 'least_closed') }} as mix_change,
    coalesce(coverage, 0) as coverage,
    is_complete,
    least_closed as sample_size,
    {{ grade('coverage', 'least_closed', 'freshness', 'good_row_share') }} as grade,
    {{ grade_reason('coverage', 'least_closed', 'freshness', 'good_row_share') }} as grade_reason,
    {{ null_reason([
        ('least_closed = 0', 'no_closed_opportunities'),
        ('common_base_closed = 0', 'no_common_group'),
    ], 'least_closed') }} as null_reason
from rated

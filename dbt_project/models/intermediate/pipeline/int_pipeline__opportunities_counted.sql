{{ config(materialized='table') }}

-- One row per period, basis, breakdown and opportunity that counts there. By period it is what was
-- open at some time in the period, and closed if it was closed in it; by cohort what was created
-- in the period, whenever it was closed.
with periods as (
    select * from {{ ref('int_pipeline__periods_listed') }}
),

-- what was closed was open on that day, though the CRM may not know when it was created, or has
-- it created later
opportunities as (
    select
        *,
        least(coalesce(created_date, close_date), coalesce(close_date, created_date))
            as opened_date,
        not is_won and not is_lost as is_open
    from {{ ref('int_opportunities__concluded') }}
),

counted as (
    select
        periods.period,
        periods.period_start,
        'period' as basis,
        periods.as_of_date,
        periods.days_to_close_p90,
        opportunities.*,
        coalesce(
            opportunities.close_date between periods.period_start and periods.period_end, false
        ) as is_closed
    from periods
    inner join opportunities
        on periods.period_end >= opportunities.opened_date
        and (opportunities.is_open or periods.period_start <= opportunities.close_date)
    union all
    select
        periods.period,
        periods.period_start,
        'cohort' as basis,
        periods.as_of_date,
        periods.days_to_close_p90,
        opportunities.*,
        not opportunities.is_open as is_closed
    from periods
    inner join opportunities
        on opportunities.created_date between periods.period_start and periods.period_end
)

{% for breakdown, breakdown_value in [
    ('all', "'all'"), ('source', 'lead_source'), ('channel', 'first_channel'),
    ('segment', 'segment')
] %}
    select
        period,
        period_start,
        basis,
        '{{ breakdown }}' as breakdown,
        {{ breakdown_value }} as breakdown_value,
        opportunity_id,
        is_open,
        coalesce(is_open and as_of_date - created_date > days_to_close_p90, false) as is_stale,
        is_closed and is_won as is_won,
        is_closed and is_lost as is_lost,
        case when is_closed then net_amount_reporting end as net_amount_reporting,
        case when is_closed then days_to_win end as days_to_win
    from counted
    {% if not loop.last %} union all {% endif %}
{% endfor %}

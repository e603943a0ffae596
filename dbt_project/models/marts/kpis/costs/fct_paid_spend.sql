-- One row per period, lag and what was paid for: the media spend of the months that lie the lag
-- before the period's, as far as those have passed. A period without spend has a row, too.
with periods as (
    select * from {{ ref('int_reporting_periods__listed') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

paid as (
    select channel from {{ ref('channels') }}
    where is_paid
),

media as (
    select
        costs.cost_month,
        costs.channel,
        costs.channel || ': ' || costs.campaign_type as campaign_type,
        costs.cost
    from {{ ref('fct_costs_monthly') }} as costs
    inner join paid on costs.channel = paid.channel
    where costs.cost_category = 'media'
),

spent as (
    {% for breakdown, value in [
        ('all', "'all'"), ('channel', 'channel'), ('campaign_type', 'campaign_type')
    ] %}
        select
            cost_month,
            '{{ breakdown }}' as breakdown,
            {{ value }} as breakdown_value,
            sum(cost) as spend
        from media
        group by all
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

cells as (
    select breakdown, breakdown_value from spent
    union
    select breakdown, breakdown_value from {{ ref('fct_acquisitions') }}
    where is_paid
    union
    select 'all' as breakdown, 'all' as breakdown_value
),

lags as (
    select 'none' as lag, 0 as lag_months
    union all
    select
        'median_cycle' as lag,
        {{ lag_months('median(close_date - created_date)') }} as lag_months
    from {{ ref('fct_opportunities') }}
    where is_won
)

select
    periods.period,
    periods.period_start,
    periods.period_end,
    periods.is_complete,
    lags.lag,
    lags.lag_months,
    cells.breakdown,
    cells.breakdown_value,
    cast(coalesce(sum(spent.spend), 0) as decimal(18, 6)) as spend
from periods
cross join lags
cross join cells
cross join reporting_date
left join spent
    on cells.breakdown = spent.breakdown
    and cells.breakdown_value = spent.breakdown_value
    and spent.cost_month + to_months(lags.lag_months)
    between periods.period_start and least(periods.period_end, reporting_date.as_of_date)
group by all

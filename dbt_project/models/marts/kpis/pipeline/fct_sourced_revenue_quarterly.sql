-- one row per quarter and definition of sourced
with periods as (
    select * from {{ ref('int_reporting_periods__listed') }}
    where period = 'quarter'
),

won_revenue as (
    select * from {{ ref('fct_won_revenue_quarterly') }}
),

sourced as (
    select * from {{ ref('int_opportunities__sourced') }}
),

defined as (
    {% for definition, is_sourced, is_observed in [
        ('lead_source_field', 'is_sourced_by_field', "lead_source <> 'unknown'"),
        ('first_touch', 'is_sourced_by_first_touch', "first_channel <> 'unattributed'"),
        ('first_touch_before_sales', 'is_sourced_before_sales', "first_channel <> 'unattributed'"),
    ] %}
        select
            opportunity_id,
            '{{ definition }}' as definition,
            {{ is_sourced }} as is_sourced,
            {{ is_observed }} as is_observed
        from sourced
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

definitions as (
    select unnest(['lead_source_field', 'first_touch', 'first_touch_before_sales']) as definition
),

won as (
    select
        won_revenue.period_start,
        won_revenue.revenue,
        won_revenue.won,
        defined.definition,
        defined.is_sourced,
        defined.is_observed
    from won_revenue
    inner join defined on won_revenue.opportunity_id = defined.opportunity_id
)

select
    periods.period_start,
    periods.period_end,
    definitions.definition,
    cast(coalesce(sum(won.revenue), 0) as decimal(18, 2)) as won_revenue,
    {{ sourced_revenue('won.revenue', 'won.is_sourced') }} as sourced_revenue,
    cast(coalesce(sum(won.won), 0) as bigint) as opportunities,
    cast(coalesce(sum(won.won) filter (where won.is_sourced), 0) as bigint)
        as sourced_opportunities,
    cast(coalesce(sum(won.won) filter (where won.is_observed), 0) as bigint)
        as observed_opportunities,
    periods.is_complete
from periods
cross join definitions
left join won
    on periods.period_start = won.period_start
    and definitions.definition = won.definition
group by
    periods.period_start, periods.period_end, definitions.definition, periods.is_complete

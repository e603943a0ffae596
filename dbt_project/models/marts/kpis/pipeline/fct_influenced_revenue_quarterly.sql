-- one row per quarter and definition of influenced
with periods as (
    select * from {{ ref('int_reporting_periods__listed') }}
    where period = 'quarter'
),

won_revenue as (
    select * from {{ ref('fct_won_revenue_quarterly') }}
),

touched as (
    select * from {{ ref('int_influence__opportunities_touched') }}
),

evidence as (
    select * from {{ ref('fct_opportunity_evidence') }}
),

by_chance as (
    select * from {{ source('statistics', 'influence_by_chance') }}
),

definitions as (
    select unnest(['any_touch', 'responded', 'after_creation']) as definition
),

won as (
    select
        won_revenue.period_start,
        won_revenue.revenue,
        won_revenue.won,
        touched.definition,
        touched.is_influenced,
        touched.persons > 0 as is_observed,
        evidence.evidence_grade in ('A', 'B') as is_well_attributed
    from won_revenue
    inner join touched on won_revenue.opportunity_id = touched.opportunity_id
    inner join evidence on won_revenue.opportunity_id = evidence.opportunity_id
),

summed as (
    select
        periods.period_start,
        periods.period_end,
        periods.is_complete,
        definitions.definition,
        coalesce(sum(won.revenue), 0) as won_revenue,
        {{ influenced_revenue('won.revenue', 'won.is_influenced') }} as influenced_revenue,
        {{ influenced_revenue('won.revenue', 'won.is_influenced and won.is_well_attributed') }}
            as well_attributed_revenue,
        coalesce(sum(won.won), 0) as opportunities,
        coalesce(sum(won.won) filter (where won.is_influenced), 0) as influenced_opportunities,
        coalesce(sum(won.won) filter (where won.is_observed), 0) as observed_opportunities
    from periods
    cross join definitions
    left join won
        on periods.period_start = won.period_start
        and definitions.definition = won.definition
    group by
        periods.period_start, periods.period_end, periods.is_complete, definitions.definition
)

select
    summed.period_start,
    summed.period_end,
    summed.definition,
    cast(summed.won_revenue as decimal(18, 2)) as won_revenue,
    summed.influenced_revenue,
    summed.well_attributed_revenue,
    cast(summed.opportunities as bigint) as opportunities,
    cast(summed.influenced_opportunities as bigint) as influenced_opportunities,
    cast(summed.observed_opportunities as bigint) as observed_opportunities,
    by_chance.influenced_by_chance,
    by_chance.chance_deviation,
    summed.is_complete
from summed
left join by_chance
    on summed.period_start = by_chance.period_start
    and summed.definition = by_chance.definition

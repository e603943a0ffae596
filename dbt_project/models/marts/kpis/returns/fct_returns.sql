-- One row per quarter, basis, attribution model and whatever had a cost or, under any model, a
-- return. A model that gives nothing has a row, too, so that the models can be compared.
with reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

returned as (
    select * from {{ ref('fct_attributed_returns') }}
),

models as (
    select distinct attribution_model from {{ ref('attribution_models') }}
    where conversion_type = 'closed_won'
),

-- a touchpoint's revenue comes as much later as a sale takes
bases as (
    select 'sale_date' as basis, 0 as lag_months
    union all
    select
        'touch_date' as basis,
        {{ lag_months('median(close_date - created_date)') }} as lag_months
    from {{ ref('fct_opportunities') }}
    where is_won
),

cells as (
    select basis, period_start, breakdown, breakdown_value from returned
    union
    select bases.basis, costs.period_start, costs.breakdown, costs.breakdown_value
    from {{ ref('fct_return_costs') }} as costs
    cross join bases
),

won as (
    select
        attribution_model,
        cast(date_trunc('quarter', converted_date) as date) as period_start,
        sum(booked_credit) as won_revenue,
        coalesce(sum(booked_credit) filter (where channel <> 'unattributed'), 0)
            as attributed_revenue
    from {{ ref('fct_attribution_credits') }}
    where conversion_type = 'closed_won' and reversed_conversion_id is null
    group by all
),

-- the wins that a quarter's touchpoints have led to are in any quarter
covered as (
    {% for basis, quarter in [('sale_date', 'period_start'), ('touch_date', 'null')] %}
        select
            '{{ basis }}' as basis,
            attribution_model,
            cast({{ quarter }} as date) as period_start,
            {{ attribution_coverage('sum(attributed_revenue)', 'sum(won_revenue)') }} as coverage
        from won
        group by all
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
)

select
    cells.period_start,
    last_day(cast(cells.period_start + interval '2' month as date)) as period_end,
    last_day(cast(cells.period_start + interval '2' month as date)) <= reporting_date.as_of_date
        as is_complete,
    models.attribution_model,
    cells.basis,
    bases.lag_months,
    cells.breakdown,
    cells.breakdown_value,
    coalesce(returned.attributed_revenue, 0) as attributed_revenue,
    coalesce(returned.paid_revenue, 0) as paid_revenue,
    case when returned.conversions is null then 0 else returned.attributed_margin end
        as attributed_margin,
    coalesce(returned.conversions, 0) as conversions,
    coalesce(returned.paid_conversions, 0) as paid_conversions,
    coalesce(covered.coverage, 1) as coverage
from cells
cross join models
cross join reporting_date
inner join bases on cells.basis = bases.basis
left join returned
    on cells.basis = returned.basis
    and cells.period_start = returned.period_start
    and cells.breakdown = returned.breakdown
    and cells.breakdown_value = returned.breakdown_value
    and models.attribution_model = returned.attribution_model
left join covered
    on cells.basis = covered.basis
    and coalesce(covered.period_start, cells.period_start) = cells.period_start
    and models.attribution_model = covered.attribution_model

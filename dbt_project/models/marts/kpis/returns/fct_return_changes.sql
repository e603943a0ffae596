-- One row per quarter, attribution model, KPI that is a ratio, and channel or `all`: its numerator
-- and denominator now and in the quarter before, and the numerator as it would be now at the old
-- denominator.
with returned as (
    select
        returned.*,
        coalesce(costs.spend, 0) as spend,
        coalesce(costs.cost, 0) as cost
    from {{ ref('fct_returns') }} as returned
    left join {{ ref('fct_return_costs') }} as costs
        on returned.period_start = costs.period_start
        and returned.breakdown = costs.breakdown
        and returned.breakdown_value = costs.breakdown_value
    where returned.basis = 'sale_date' and returned.breakdown in ('all', 'channel')
),

acquired as (
    select
        acquired.*,
        spent.is_complete,
        spent.spend
    from {{ ref('fct_paid_acquisitions') }} as acquired
    inner join {{ ref('fct_paid_spend') }} as spent
        on acquired.period = spent.period
        and acquired.period_start = spent.period_start
        and acquired.breakdown = spent.breakdown
        and acquired.breakdown_value = spent.breakdown_value
    where
        acquired.period = 'quarter'
        and acquired.conversion_type = 'closed_won'
        and acquired.breakdown in ('all', 'channel')
        and spent.lag = 'none'
),

placed as (
    {% for kpi, table, numerator, denominator, cases in [
        ('roas', 'returned', 'paid_revenue', 'spend', 'paid_conversions'),
        ('marketing_roi', 'returned', 'attributed_margin', 'cost', 'conversions'),
        ('paid_cac', 'acquired', 'spend', 'credited_conversions', 'conversions'),
    ] %}
        {% set outer = loop %}
        {% for role, quarters in [('now', 0), ('base', 1)] %}
            select
                '{{ kpi }}' as kpi,
                '{{ role }}' as role,
                cast(period_start + interval '{{ 3 * quarters }}' month as date) as period_start,
                attribution_model,
                breakdown,
                breakdown_value,
                cast({{ numerator }} as decimal(38, 12)) as numerator,
                cast({{ denominator }} as decimal(38, 12)) as denominator,
                {{ cases }} as conversions,
                is_complete
            from {{ table }}
            {% if not (outer.last and loop.last) %} union all {% endif %}
        {% endfor %}
    {% endfor %}
),

paired as (
    select
        kpi,
        period_start,
        attribution_model,
        breakdown,
        breakdown_value,
        bool_or(is_complete) filter (where role = 'now') as is_complete,
        {% for role in ['base', 'now'] %}
            {% set of_role = "filter (where role = '" ~ role ~ "')" %}
            count(*) {{ of_role }} > 0 as has_{{ role }},
            coalesce(sum(numerator) {{ of_role }}, 0) as {{ role }}_numerator,
            coalesce(sum(denominator) {{ of_role }}, 0) as {{ role }}_denominator,
            coalesce(sum(conversions) {{ of_role }}, 0) as {{ role }}_conversions,
        {% endfor %}
        count(*) > count(numerator) as is_unknown
    from placed
    group by kpi, period_start, attribution_model, breakdown, breakdown_value
)

select
    *,
    breakdown = 'channel' and base_denominator > 0 and now_denominator > 0 as is_common,
    cast(
        cast(base_denominator as double) * cast(now_numerator as double)
        / nullif(cast(now_denominator as double), 0) as decimal(38, 12)
    ) as standardised_numerator
from paired

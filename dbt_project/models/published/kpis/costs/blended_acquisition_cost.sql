-- What marketing, and marketing with sales, spend for a new customer, and how soon it comes back
with costs as (
    select * from {{ ref('fct_acquisition_costs') }}
),

{% set areas = ['crm', 'ads', 'costs', 'margins'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as quality
    from {{ ref('fct_input_quality') }}
),

calculated as (
    select
        costs.*,
        {{ shown(
            blended_cac('costs.marketing_cost', 'costs.new_customers'), 'costs.new_customers'
        ) }} as blended_cac,
        {{ shown(
            fully_loaded_cac('costs.marketing_cost', 'costs.sales_cost', 'costs.new_customers'),
            'costs.new_customers'
        ) }} as fully_loaded_cac,
        {{ shown(
            'cast(costs.won_value as double) / nullif(costs.new_customers, 0)',
            'costs.new_customers'
        ) }} as new_customer_value,
        -- every customer counts, however little is known of where it came from
        1 as coverage,
        {{ freshness('costs.period_start', 'costs.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.quality
    from costs
    cross join inputs
)

select
    period,
    period_start,
    is_complete,
    lag,
    lag_months,
    cast(media as decimal(18, 2)) as media,
    cast(marketing_cost as decimal(18, 2)) as marketing_cost,
    cast(sales_cost as decimal(18, 2)) as sales_cost,
    new_customers,
    blended_cac,
    {{ shown(cost_per_bound('marketing_cost', 'new_customers', -1), 'new_customers') }}
        as blended_cac_low,
    {{ shown(cost_per_bound('marketing_cost', 'new_customers', 1), 'new_customers') }}
        as blended_cac_high,
    fully_loaded_cac,
    new_customer_value,
    margin_share,
    {{ cac_payback_months('fully_loaded_cac', 'new_customer_value', 'margin_share') }}
        as cac_payback_months,
    new_customers as sample_size,
    {{ grade('coverage', 'new_customers', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'new_customers', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [
            ('marketing_cost + sales_cost <= 0', 'no_spend'),
            ('new_customers = 0', 'no_new_customers'),
            ('margin_share is null', 'no_margin'),
            ('margin_share <= 0', 'margin_not_positive'),
            ('won_value <= 0', 'no_contract_value'),
        ], 'new_customers'
    ) }} as null_reason
from calculated

{# Each KPI's formula, written once over additive measures. A ratio is null
   where its denominator is zero: no spend has no return, rather than none. #}

{% macro cost_per_click() %}
    cast(sum(spend) as double) / nullif(sum(clicks), 0)
{% endmacro %}

{% macro attribution_coverage(attributed_revenue, won_revenue) %}
    cast({{ attributed_revenue }} as double) / nullif({{ won_revenue }}, 0)
{% endmacro %}

{% macro overclaim_ratio(claimed_conversions, crm_conversions) %}
    cast({{ claimed_conversions }} as double) / nullif({{ crm_conversions }}, 0)
{% endmacro %}

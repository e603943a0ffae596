{# Each KPI's formula, written once over additive measures. A ratio is null where its denominator
   is zero: no spend has no return, rather than none. What a KPI means stands in metrics.md. #}

{% macro cost_per_click() %}
    cast(sum(spend) as double) / nullif(sum(clicks), 0)
{% endmacro %}

{% macro overclaim_ratio(claimed_conversions, crm_conversions) %}
    cast({{ claimed_conversions }} as double) / nullif({{ crm_conversions }}, 0)
{% endmacro %}

{% macro attribution_coverage(attributed_revenue, won_revenue) %}
    cast({{ attributed_revenue }} as double) / nullif({{ won_revenue }}, 0)
{% endmacro %}

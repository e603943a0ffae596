{# What spend returns, per unit of it; null without spend or cost. #}
{% macro roas(attributed_revenue, spend) %}
    cast({{ attributed_revenue }} as double) / {{ paid(spend) }}
{% endmacro %}

{% macro marketing_roi(attributed_margin, cost) %}
    (cast({{ attributed_margin }} as double) - {{ cost }}) / {{ paid(cost) }}
{% endmacro %}

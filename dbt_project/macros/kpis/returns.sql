{# What spend returns, per unit of it; null without spend or cost. #}
{% macro roas(paid_revenue, spend) %}
    cast({{ paid_revenue }} as double) / {{ paid(spend) }}
{% endmacro %}

{% macro marketing_roi(attributed_margin, cost) %}
    (cast({{ attributed_margin }} as double) - {{ cost }}) / {{ paid(cost) }}
{% endmacro %}

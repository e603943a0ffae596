{# Where nothing was paid there is no cost, rather than one of 0. #}
{% macro cost_per(cost, cases) %}
    case when {{ cost }} > 0 then cast({{ cost }} as double) end
    / nullif(cast({{ cases }} as double), 0)
{% endmacro %}

{% macro paid(cost) %} case when {{ cost }} > 0 then cast({{ cost }} as double) end {% endmacro %}

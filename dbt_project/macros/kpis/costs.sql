{# What customers cost. Null without a case, and without a cost: nothing was paid for then, which is
   not the same as a customer for nothing. #}
{% macro paid_cac(spend, credited_customers) %} {{ cost_per(spend, credited_customers) }} {% endmacro %}

{% macro blended_cac(marketing_cost, new_customers) %}
    {{ cost_per(marketing_cost, new_customers) }}
{% endmacro %}

{% macro fully_loaded_cac(marketing_cost, sales_cost, new_customers) %}
    {{ cost_per(marketing_cost ~ " + " ~ sales_cost, new_customers) }}
{% endmacro %}

{% macro cost_per_lead(spend, leads) %} {{ cost_per(spend, leads) }} {% endmacro %}

{% macro cost_per_mql(spend, mqls) %} {{ cost_per(spend, mqls) }} {% endmacro %}

{% macro cost_per_opportunity(spend, opportunities) %}
    {{ cost_per(spend, opportunities) }}
{% endmacro %}

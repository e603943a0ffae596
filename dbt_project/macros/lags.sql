{# Whole months of an average length, between the spend and the customers that came of it. #}
{% macro lag_months(median_cycle_days) -%}
    cast(greatest(0, coalesce(round({{ median_cycle_days }} / 30.4375), 0)) as integer)
{%- endmacro %}

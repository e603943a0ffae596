{# 95 % bounds of a cost per case whose number of cases is by chance. `side` is -1 for the lower
   bound and 1 for the upper one, which is null where there might as well be no case. #}
{% macro cost_per_bound(cost, cases, side) -%}
    case when {{ cost }} > 0 then cast({{ cost }} as double) end
    / nullif(greatest({{ poisson_bound(cases, -side) }}, 0), 0)
{%- endmacro %}

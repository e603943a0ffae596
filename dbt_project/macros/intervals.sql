{# 95 % bounds of a share: Wilson's score interval (https://doi.org/10.1080/01621459.1927.10502953).
   Null without trials. `side` is -1 for the lower bound and 1 for the upper one. #}
{% macro wilson_bound(successes, trials, side) -%}
    case
        when {{ trials }} > 0 then greatest(0, least(1,
            (
                {{ successes }} + 1.920729410347062
                + {{ side }} * 1.959963984540054 * sqrt(
                    cast({{ successes }} as double) * ({{ trials }} - {{ successes }})
                    / {{ trials }} + 0.960364705173531
                )
            ) / ({{ trials }} + 3.841458820694124)
        ))
    end
{%- endmacro %}

{# 95 % bounds of an expected count: Byar's approximation of the exact Poisson interval, within 2 %
   of it from 3 cases on (Breslow and Day 1987, Statistical Methods in Cancer Research II, 2.3). #}
{% macro poisson_bound(cases, side) -%}
    {%- set n = "(cast(" ~ cases ~ " as double)" ~ (" + 1)" if side > 0 else ")") -%}
    case
        when {{ n }} = 0 then 0
        else {{ n }} * pow(
            1 - 1 / (9 * {{ n }}) + {{ side }} * 1.959963984540054 / (3 * sqrt({{ n }})), 3
        )
    end
{%- endmacro %}

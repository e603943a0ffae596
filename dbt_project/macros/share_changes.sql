{# 95 % bounds of a share now less a share before: Newcombe's hybrid score interval, method 10
   (https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I). Null
   where either has no trials. `side` is -1 for the lower bound and 1 for the upper one. #}
{% macro newcombe_bound(base_successes, base_trials, successes, trials, side) -%}
    {%- set now = "cast(" ~ successes ~ " as double) / nullif(" ~ trials ~ ", 0)" -%}
    {%- set base = "cast(" ~ base_successes ~ " as double) / nullif(" ~ base_trials ~ ", 0)" -%}
    {{ now }} - {{ base }} + {{ side }} * sqrt(
        pow({{ now }} - {{ wilson_bound(successes, trials, side) }}, 2)
        + pow({{ base }} - {{ wilson_bound(base_successes, base_trials, -side) }}, 2)
    )
{%- endmacro %}

{# 95 % bounds of the change of a figure from that of another period, from the bounds of both: the
   square-and-add method of Zou and Donner (2008, https://doi.org/10.1002/sim.3095), which is
   Newcombe's for shares. Null where either figure has no bounds, or has those of the attribution models' range, which
   is no error. `side` is -1 or 1. #}
{% macro change_bound(now, base, now_bound, base_bound, side) -%}
    case when quoted.interval_kind = 'confidence_95'
        then {{ now }} - {{ base }} + {{ side }} * sqrt(
            pow({{ now_bound }} - {{ now }}, 2) + pow({{ base_bound }} - {{ base }}, 2)
        )
    end
{%- endmacro %}

{# How much a figure has changed, as a share of what it was; null where that was not above zero. #}
{% macro relative_change(now, base) -%}
    case when {{ base }} > 0 then {{ now }} / {{ base }} - 1 end
{%- endmacro %}

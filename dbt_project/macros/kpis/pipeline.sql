{% macro win_rate(won, lost) -%}
    cast({{ won }} as double) / nullif({{ won }} + {{ lost }}, 0)
{%- endmacro %}

{% macro average_deal_value(revenue, won) -%}
    cast({{ revenue }} as double) / nullif({{ won }}, 0)
{%- endmacro %}

{# Of the rows that it is aggregated over; null days, of what is not won, do not count. #}
{% macro cycle_days(days_to_win) -%}
    cast(median({{ days_to_win }}) as double)
{%- endmacro %}

{# A cycle of no days, or of a win before the opportunity was created, has no speed. #}
{% macro pipeline_velocity(opportunities, win_rate, average_deal_value, cycle_days) -%}
    case
        when {{ cycle_days }} > 0
            then {{ opportunities }} * {{ win_rate }} * {{ average_deal_value }} / {{ cycle_days }}
    end
{%- endmacro %}

{# The share of a period's days up to which an input has settled, from 0 to 1; null without input
   (of a null and another number, least and greatest would take the other). #}
{% macro freshness(period_start, period_end, settled_until) -%}
    case
        when {{ settled_until }} is not null then greatest(0, least(1,
            cast({{ settled_until }} - {{ period_start }} + 1 as double)
            / ({{ period_end }} - {{ period_start }} + 1)
        ))
    end
{%- endmacro %}

{# How long a period is; null for all time, which nothing came before. #}
{% macro length_of(period) -%}
    case {{ period }}
        when 'month' then interval '1' month
        when 'quarter' then interval '3' month
        when 'year' then interval '1' year
    end
{%- endmacro %}

{# Cases below which a ratio is not shown: it would say more about chance than about us. #}
{% macro smallest_sample() -%} 3 {%- endmacro %}

{# A ratio, or null where fewer cases than the floor are behind it. #}
{% macro shown(ratio, sample_size) -%}
    case when {{ sample_size }} >= {{ smallest_sample() }} then {{ ratio }} end
{%- endmacro %}

{# Why a ratio is null: `reasons` pairs conditions with reasons, in order; the floor comes last. #}
{% macro null_reason(reasons, sample_size) -%}
    case
        {% for condition, reason in reasons -%}
            when {{ condition }} then '{{ reason }}'
        {% endfor -%}
        when {{ sample_size }} < {{ smallest_sample() }} then 'too_few_cases'
    end
{%- endmacro %}

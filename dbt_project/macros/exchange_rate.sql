{# Units of the reporting currency for one unit of another; null without a rate. #}
{% macro exchange_rate(currency, own_units, reporting_units) -%}
    case
        when {{ currency }} = '{{ var("reporting_currency") }}' then cast(1 as double)
        else cast({{ reporting_units }} as double) / cast({{ own_units }} as double)
    end
{%- endmacro %}

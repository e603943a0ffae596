{# The day whose rate an amount was converted at: the older one where the two currencies' rates
   differ in age. Null for an amount that was not converted. #}
{% macro used_rate_date(currency, own_rate_date, reporting_rate_date) -%}
    case
        when {{ currency }} <> '{{ var("reporting_currency") }}'
            and {{ own_rate_date }} is not null and {{ reporting_rate_date }} is not null
            then least({{ own_rate_date }}, {{ reporting_rate_date }})
    end
{%- endmacro %}

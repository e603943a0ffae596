{# An amount at the rate of its day. Without a rate the build stops and names day and currency:
   a missing rate would otherwise be a missing amount that nobody sees. #}
{% macro in_reporting_currency(amount, currency, day, own_units, reporting_units, scale) -%}
    case
        when {{ amount }} is null then null
        when {{ currency }} = '{{ var("reporting_currency") }}' then {{ amount }}
        when {{ amount }} = 0 then {{ amount }}
        when {{ own_units }} is null or {{ reporting_units }} is null then {{ fail(
            "'no exchange rate from ' || coalesce(" ~ currency ~ ", 'a missing currency') || ' to "
            ~ var('reporting_currency') ~ " on ' || coalesce(cast(" ~ day
            ~ " as string), 'a missing day') || ' or the 7 days before'"
        ) }}
        {# eight decimals first: the double nearest to half a cent may lie below it #}
        else cast(
            round(
                cast(round(
                    cast({{ amount }} as double) * cast({{ reporting_units }} as double)
                    / cast({{ own_units }} as double), 8
                ) as decimal(28, 8)), {{ scale }}
            ) as decimal(18, {{ scale }})
        )
    end
{%- endmacro %}

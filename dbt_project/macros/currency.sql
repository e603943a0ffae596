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
        {# whole millionths throughout: a double must be rounded twice, and then at times wrongly #}
        {%- set millionths = "cast(abs(" ~ amount ~ ") * 1000000 as hugeint)" %}
        {%- set own = "cast(" ~ own_units ~ " * 1000000 as hugeint)" %}
        {%- set reporting = "cast(" ~ reporting_units ~ " * 1000000 as hugeint)" %}
        else cast(
            sign({{ amount }}) * cast(
                (2 * {{ 10 ** scale }} * {{ millionths }} * {{ reporting }} + 1000000 * {{ own }})
                // (2000000 * {{ own }}) as decimal(20, 0)
            ) * {{ "%.*f" | format(scale, 10 ** -scale) }} as decimal(18, {{ scale }})
        )
    end
{%- endmacro %}

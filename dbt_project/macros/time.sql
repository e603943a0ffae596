{# The day in the reporting time zone of an instant that is stored in UTC. #}
{% macro reporting_date(instant) -%}
    cast(timezone('{{ var("reporting_time_zone") }}', timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{# The last instant, in UTC, of a day in the reporting time zone: there a date without a time sorts. #}
{% macro end_of_day(day) -%}
    timezone('UTC', timezone(
        '{{ var("reporting_time_zone") }}',
        cast({{ day }} as timestamp) + interval '1' day - interval '1' microsecond
    ))
{%- endmacro %}

{# Fewest whole months after a day until another one is reached; 0 where it came before. #}
{% macro months_until(start, day) -%}
    greatest(0, datediff('month', {{ start }}, {{ day }}) + case
        when {{ start }} + to_months(cast(datediff('month', {{ start }}, {{ day }}) as integer))
            < {{ day }} then 1
        else 0
    end)
{%- endmacro %}

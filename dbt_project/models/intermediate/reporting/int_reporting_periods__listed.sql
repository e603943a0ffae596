{{ config(materialized='table') }}

-- one row per month, quarter and year from the first conversion up to the reporting date
with reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

started as (
    select min(converted_date) as first_date from {{ ref('int_conversions__unioned') }}
),

periods as (
    {% for period in ['month', 'quarter', 'year'] %}
        select
            '{{ period }}' as period,
            cast(unnest(generate_series(
                date_trunc('{{ period }}', started.first_date),
                date_trunc('{{ period }}', reporting_date.as_of_date),
                interval '1' {{ period }}
            )) as date) as period_start
        from started
        cross join reporting_date
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

ended as (
    select
        period,
        period_start,
        cast(
            case period
                when 'month' then period_start + interval '1' month
                when 'quarter' then period_start + interval '3' month
                else period_start + interval '1' year
            end - interval '1' day as date
        ) as period_end
    from periods
)

select
    ended.*,
    ended.period_end <= reporting_date.as_of_date as is_complete
from ended
cross join reporting_date

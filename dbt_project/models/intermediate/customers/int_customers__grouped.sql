-- One row per customer and group that its lifetime value is broken down by. Who is won on a day
-- that is still to come, typed in as a close date, is no customer yet.
{% set groups = {
    'all': "'all'",
    'channel': 'customers.acquisition_channel',
    'pattern': 'engaged.engagement_pattern',
    'channel_pattern': "customers.acquisition_channel || ': ' || engaged.engagement_pattern",
} %}
with customers as (
    select * from {{ ref('int_customers__acquired') }}
),

engaged as (
    select * from {{ ref('int_customers__engaged') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
)

{% for breakdown, breakdown_value in groups.items() %}
    select
        '{{ breakdown }}' as breakdown,
        {{ breakdown_value }} as breakdown_value,
        customers.customer_id,
        customers.acquired_date,
        cast(date_trunc('quarter', customers.acquired_date) as date) as cohort_quarter
    from customers
    inner join engaged on customers.customer_id = engaged.customer_id
    inner join reporting_date on customers.acquired_date <= reporting_date.as_of_date
    {% if not loop.last %} union all {% endif %}
{% endfor %}

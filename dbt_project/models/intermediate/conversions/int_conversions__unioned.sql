{{ config(materialized='table') }}

with persons as (
    select * from {{ ref('int_persons__profiled') }}
    where not is_deleted
),

opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

unioned as (
    {% for conversion_type, instant in [
        ('lead_created', 'created_at'), ('mql', 'mql_at'), ('sql', 'sql_at')
    ] %}
        select
            '{{ conversion_type }}:' || person_id as conversion_id,
            '{{ conversion_type }}' as conversion_type,
            person_id,
            cast(null as string) as opportunity_id,
            account_id,
            cast(1 as decimal(18, 2)) as conversion_value,
            false as is_money,
            {{ instant }} as converted_at,
            {{ reporting_date(instant) }} as converted_date
        from persons
        where {{ instant }} is not null
        union all
    {% endfor %}
    select
        'opportunity_created:' || opportunity_id as conversion_id,
        'opportunity_created' as conversion_type,
        cast(null as string) as person_id,
        opportunity_id,
        account_id,
        coalesce(created_amount_reporting, 0) as conversion_value,
        true as is_money,
        created_at as converted_at,
        created_date as converted_date
    from opportunities
    where created_at is not null
    union all
    select
        'closed_won:' || opportunity_id as conversion_id,
        'closed_won' as conversion_type,
        cast(null as string) as person_id,
        opportunity_id,
        account_id,
        coalesce(amount_reporting, 0) as conversion_value,
        true as is_money,
        {{ end_of_day('close_date') }} as converted_at,
        close_date as converted_date
    from opportunities
    where is_won
)

select * from unioned

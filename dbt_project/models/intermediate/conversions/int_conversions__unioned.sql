{{ config(materialized='table') }}

with persons as (
    select * from {{ ref('int_persons__profiled') }}
    where not is_deleted
),

opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

netted as (
    select * from {{ ref('int_opportunities__netted') }}
),

unioned as (
    {% for conversion_type, instant in [
        ('lead_created', 'created_at'), ('mql', 'mql_at'), ('sql', 'sql_at')
    ] %}
        select
            '{{ conversion_type }}:' || person_id as conversion_id,
            '{{ conversion_type }}' as conversion_type,
            cast(null as string) as reversed_conversion_id,
            person_id,
            cast(null as string) as opportunity_id,
            account_id,
            cast(1 as decimal(18, 2)) as conversion_value,
            cast(1 as decimal(18, 2)) as amount,
            cast(1 as double) as exchange_rate,
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
        cast(null as string) as reversed_conversion_id,
        cast(null as string) as person_id,
        opportunity_id,
        account_id,
        coalesce(created_amount_reporting, 0) as conversion_value,
        coalesce(created_amount, 0) as amount,
        created_exchange_rate as exchange_rate,
        true as is_money,
        created_at as converted_at,
        created_date as converted_date
    from opportunities
    where created_at is not null
    union all
    -- a refund is a negative win of its own day that points at the win it takes back
    select
        case
            when netted.step = 0 then 'closed_won:' || netted.opportunity_id
            else 'refund:' || netted.refund_id
        end as conversion_id,
        'closed_won' as conversion_type,
        case when netted.step > 0 then 'closed_won:' || netted.opportunity_id end
            as reversed_conversion_id,
        cast(null as string) as person_id,
        netted.opportunity_id,
        opportunities.account_id,
        netted.value_change as conversion_value,
        netted.amount_change as amount,
        netted.exchange_rate,
        true as is_money,
        {{ end_of_day('greatest(opportunities.close_date, netted.refunded_date)') }}
            as converted_at,
        greatest(opportunities.close_date, netted.refunded_date) as converted_date
    from opportunities
    inner join netted on opportunities.opportunity_id = netted.opportunity_id
)

select * from unioned

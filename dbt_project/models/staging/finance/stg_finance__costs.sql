with source as (
    select * from {{ source('finance', 'costs') }}
    qualify {{ is_current('finance', 'costs') }}
),

conformed as (
    select
        'finance' as source_system,
        cost_id,
        category as cost_category,
        team,
        lower(trim(channel)) as channel,
        lower(trim(campaign)) as campaign,
        upper(currency) as currency,

        cast(amount as decimal(18, 2)) as amount,

        cast(date_trunc('month', month) as date) as cost_month
    from source
)

select * from conformed

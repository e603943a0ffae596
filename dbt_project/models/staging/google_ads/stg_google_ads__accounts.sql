with source as (
    select * from {{ source('google_ads', 'accounts') }}
    qualify {{ is_last_known('google_ads', 'accounts') }}
),

conformed as (
    select
        'google_ads' as platform,
        customer_id as account_id,
        currency_code as currency,
        time_zone
    from source
)

select * from conformed

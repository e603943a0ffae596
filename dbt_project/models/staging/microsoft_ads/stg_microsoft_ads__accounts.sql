with source as (
    select * from {{ source('microsoft_ads', 'accounts') }}
    qualify {{ is_last_known('microsoft_ads', 'accounts') }}
),

conformed as (
    select
        'microsoft_ads' as platform,
        account_id,
        currency_code as currency,
        time_zone
    from source
)

select * from conformed

with source as (
    select * from {{ source('meta_ads', 'accounts') }}
    qualify {{ is_last_known('meta_ads', 'accounts') }}
),

conformed as (
    select
        'meta_ads' as platform,
        account_id,
        currency,
        timezone_name as time_zone
    from source
)

select * from conformed

with source as (
    select * from {{ source('linkedin_ads', 'accounts') }}
    qualify {{ is_last_known('linkedin_ads', 'accounts') }}
),

conformed as (
    select
        'linkedin_ads' as platform,
        account_id,
        currency,
        'UTC' as time_zone
    from source
)

select * from conformed

with source as (
    select * from {{ source('linkedin_ads', 'campaigns') }}
    qualify {{ is_last_known('linkedin_ads', 'campaigns') }}
),

conformed as (
    select
        'linkedin_ads' as platform,
        account_id,
        campaign_id,
        campaign_group_name as campaign_name
    from source
)

select * from conformed

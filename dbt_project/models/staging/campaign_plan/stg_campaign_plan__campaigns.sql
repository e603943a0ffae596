with source as (
    select * from {{ source('campaign_plan', 'campaigns') }}
    qualify {{ is_current('campaign_plan', 'campaigns') }}
),

conformed as (
    select
        'campaign_plan' as source_system,
        campaign_id as campaign_record_id,
        name as campaign_name,
        type as campaign_type,
        currency,
        false as is_deleted,

        budget,

        coalesce(cast(actual_launch_at as date), current_launch_date) as start_date,
        cast(null as date) as end_date
    from source
)

select * from conformed

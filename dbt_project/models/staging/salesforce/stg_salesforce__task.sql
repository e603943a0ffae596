with source as (
    select * from {{ source('salesforce', 'task') }}
    qualify {{ is_current('salesforce', 'task') }}
),

conformed as (
    select
        'salesforce.task:' || id as touchpoint_id,
        'sales_' || lower(coalesce(task_subtype, 'task')) as touchpoint_type,
        coalesce(
            case when who_id like '003%' then {{ node_key('salesforce.contact', 'who_id') }} end,
            case when who_id like '00Q%' then {{ node_key('salesforce.lead', 'who_id') }} end
        ) as node_key,
        cast(null as string) as linked_node_key,
        cast(null as string) as campaign_name,
        cast(null as string) as campaign_record_id,
        cast(null as string) as page_url,
        true as is_date_only,
        is_closed and not is_deleted as is_valid,

        cast(coalesce(activity_date, cast(created_date as date)) as timestamp) as occurred_at
    from source
)

select * from conformed

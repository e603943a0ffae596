with source as (
    select
        *,
        {{ salesforce_id('id') }} as record_id,
        {{ salesforce_id('who_id') }} as who_record_id
    from {{ source('salesforce', 'task') }}
    qualify {{ is_current('salesforce', 'task', key=['record_id']) }}
),

conformed as (
    select
        'salesforce.task:' || record_id as touchpoint_id,
        'sales_' || lower(coalesce(task_subtype, 'task')) as touchpoint_type,
        coalesce(
            case
                when who_record_id like '003%'
                    then {{ node_key('salesforce.contact', 'who_record_id') }}
            end,
            case
                when who_record_id like '00Q%'
                    then {{ node_key('salesforce.lead', 'who_record_id') }}
            end
        ) as node_key,
        cast(null as string) as linked_node_key,
        cast(null as string) as email_domain,
        cast(null as string) as campaign_name,
        cast(null as string) as campaign_record_id,
        cast(null as string) as mailing_id,
        cast(null as string) as self_reported_source,
        cast(null as string) as page_url,
        cast(null as string) as ineligible_reason,
        true as is_date_only,
        is_closed and not is_deleted as is_valid,

        cast(coalesce(activity_date, cast(created_date as date)) as timestamp) as occurred_at,
        cast(null as timestamp) as ended_at
    from source
)

select * from conformed

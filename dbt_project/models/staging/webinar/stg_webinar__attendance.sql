with source as (
    select * from {{ source('webinar', 'attendance') }}
    qualify {{ is_current('webinar', 'attendance') }}
),

conformed as (
    select
        'webinar:' || webinar_id || ':'
        || coalesce(user_email_hash, registrant_id, user_id) as touchpoint_id,
        'webinar_attendance' as touchpoint_type,
        {{ node_key('email', 'user_email_hash') }} as node_key,
        case
            when not coalesce(user_email_is_role, false)
                then {{ node_key('webinar.registration', 'registrant_id') }}
        end as linked_node_key,
        user_email_domain as email_domain,
        topic as campaign_name,
        cast(null as string) as campaign_record_id,
        cast(null as string) as mailing_id,
        cast(null as string) as self_reported_source,
        cast(null as string) as page_url,
        cast(null as string) as ineligible_reason,
        false as is_date_only,
        true as is_valid,

        join_time as occurred_at,
        coalesce(leave_time, join_time + to_seconds(duration)) as ended_at
    from source
)

select * from conformed

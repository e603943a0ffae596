with source as (
    select * from {{ source('hubspot', 'form_submissions') }}
    qualify {{ is_current('hubspot', 'form_submissions') }}
),

conformed as (
    select
        'hubspot.form:' || conversion_id as touchpoint_id,
        'form_submission' as touchpoint_type,
        coalesce(
            -- the record of a team's mailbox is nobody: the browser tells who sent the form
            case when email_is_role then {{ node_key('visitor', 'ga_client_id_hash') }} end,
            {{ node_key('hubspot.contact', 'contact_id') }},
            {{ node_key('email', 'email_hash') }}
        ) as node_key,
        {{ node_key('visitor', 'ga_client_id_hash') }} as linked_node_key,
        email_domain,
        cast(null as string) as campaign_name,
        cast(null as string) as campaign_record_id,
        cast(null as string) as mailing_id,
        coalesce(
            how_did_you_hear_about_us_known,
            case when how_did_you_hear_about_us_hash is not null then '(free text)' end
        ) as self_reported_source,
        page_url,
        cast(null as string) as ineligible_reason,
        false as is_date_only,
        true as is_valid,

        submitted_at as occurred_at,
        cast(null as timestamp) as ended_at
    from source
)

select * from conformed

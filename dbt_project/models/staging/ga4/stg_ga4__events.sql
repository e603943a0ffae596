with source as (
    select * from {{ source('ga4', 'events') }}
    qualify {{ is_current('ga4', 'events') }}
),

conformed as (
    select
        'ga4' as source_system,
        event_name,
        {{ node_key('visitor', 'user_pseudo_id_hash') }} as visitor_node_key,
        {{ node_key('hubspot.contact', 'user_id') }} as identified_node_key,
        ga_session_id as session_id,
        coalesce(
            manual_source, nullif(regexp_extract(page_location, '[?&]utm_source=([^&]*)', 1), '')
        ) as utm_source,
        coalesce(
            manual_medium, nullif(regexp_extract(page_location, '[?&]utm_medium=([^&]*)', 1), '')
        ) as utm_medium,
        coalesce(
            manual_campaign_name,
            nullif(regexp_extract(page_location, '[?&]utm_campaign=([^&]*)', 1), '')
        ) as utm_campaign,
        case
            when gclid is not null then 'gclid'
            when regexp_matches(page_location, '[?&](gclid|gbraid|wbraid)=') then 'gclid'
            when regexp_matches(page_location, '[?&]msclkid=') then 'msclkid'
        end as click_id_kind,
        split_part(page_location, '?', 1) as page_url,
        split_part(split_part(page_referrer, '://', 2), '/', 1) as referrer_host,
        coalesce(analytics_storage, 'Unset') <> 'No' as has_consent,

        event_timestamp as occurred_at
    from source
)

select * from conformed

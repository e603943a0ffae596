{% set ad_click_ids = '[?&](msclkid|dclid|li_fat_id|ttclid)=' -%}
{% set link_click_ids = '[?&](fbclid|srsltid)=' -%}

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
        coalesce(manual_source, {{ url_parameter('page_location', 'utm_source') }}) as utm_source,
        coalesce(manual_medium, {{ url_parameter('page_location', 'utm_medium') }}) as utm_medium,
        coalesce(
            manual_campaign_name, {{ url_parameter('page_location', 'utm_campaign') }}
        ) as utm_campaign,
        -- Meta and Google's product listings mark unpaid links too, so any other id comes first
        case
            when gclid is not null then 'gclid'
            when regexp_matches(page_location, '[?&](gclid|gbraid|wbraid)=') then 'gclid'
            else coalesce(
                    nullif(regexp_extract(page_location, '{{ ad_click_ids }}', 1), ''),
                    nullif(regexp_extract(page_location, '{{ link_click_ids }}', 1), '')
                )
        end as click_id_kind,
        split_part(page_location, '?', 1) as page_url,
        split_part(split_part(page_referrer, '://', 2), '/', 1) as referrer_host,
        coalesce(analytics_storage, 'Unset') <> 'No' as has_consent,

        event_timestamp as occurred_at
    from source
)

select * from conformed

{{ config(materialized='table') }}

with events as (
    select
        *,
        nullif(lower(referrer_host), lower(split_part(split_part(page_url, '://', 2), '/', 1)))
            as outside_host
    from {{ ref('int_web_events__unioned') }}
    where visitor_node_key is not null and session_id is not null and has_consent
),

-- a session keeps the first complete origin; a later event without one changes nothing
grouped as (
    select
        visitor_node_key,
        session_id,
        max(identified_node_key) as identified_node_key,
        max(click_id_kind) as click_id_kind,
        arg_min(utm_source, occurred_at) filter (where utm_source is not null) as utm_source,
        arg_min(utm_medium, occurred_at) filter (where utm_source is not null) as utm_medium,
        arg_min(utm_campaign, occurred_at) filter (where utm_campaign is not null) as utm_campaign,
        arg_min(outside_host, occurred_at) as outside_host,
        arg_min(page_url, occurred_at) as page_url,
        min(occurred_at) as occurred_at
    from events
    group by all
)

select
    'web.session:' || md5(visitor_node_key || ':' || cast(session_id as string)) as touchpoint_id,
    *
from grouped

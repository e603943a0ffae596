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
    visitor_node_key,
    session_id,
    click_id_kind,
    -- GA4 writes (organic), (direct) or (not set) where there is no campaign
    case when utm_campaign not like '(%)' then lower(trim(utm_campaign)) end as campaign,
    lower(trim(coalesce(utm_source, outside_host, ''))) as origin_source,
    lower(trim(coalesce(
        utm_medium, case when utm_source is null and outside_host <> '' then 'referral' end, ''
    ))) as origin_medium,
    page_url,
    occurred_at
from grouped

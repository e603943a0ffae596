{{ config(materialized='table') }}

with events as (
    select
        *,
        nullif(lower(referrer_host), lower(split_part(split_part(page_url, '://', 2), '/', 1)))
            as outside_host
    from {{ ref('int_web_events__unioned') }}
    where visitor_node_key is not null and session_id is not null and has_consent
),

-- a session keeps one event's origin whole: the first that names source and medium, else the
-- first that names a source, else any; what different events say of it is never mixed
grouped as (
    select
        visitor_node_key,
        session_id,
        -- the first click id, but one that proves an ad before one that any link may have
        arg_min(
            click_id_kind, (click_id_kind in ('fbclid', 'srsltid'), occurred_at, click_id_kind)
        ) filter (where click_id_kind is not null) as click_id_kind,
        arg_min(
            struct_pack(source := utm_source, medium := utm_medium, campaign := utm_campaign),
            (
                utm_source is null, utm_medium is null, occurred_at,
                utm_source, utm_medium, utm_campaign
            )
        ) filter (where coalesce(utm_source, utm_medium, utm_campaign) is not null) as origin,
        arg_min(coalesce(outside_host, ''), (occurred_at, outside_host is null, outside_host))
            as outside_host,
        arg_min(page_url, (occurred_at, page_url)) as page_url,
        min(occurred_at) as occurred_at
    from events
    group by all
)

select
    'web.session:'
    || md5(grouped.visitor_node_key || ':' || cast(grouped.session_id as string)) as touchpoint_id,
    grouped.visitor_node_key,
    grouped.session_id,
    grouped.click_id_kind,
    -- GA4 writes (organic), (direct) or (not set) where there is no campaign
    case
        when origin.campaign not like '(%)' then nullif({{ origin_word('origin.campaign') }}, '')
    end as campaign,
    {{ origin_word('coalesce(origin.source, grouped.outside_host)') }} as origin_source,
    coalesce(
        {{ origin_word('origin.medium') }},
        case when origin.source is null and grouped.outside_host <> '' then 'referral' end,
        ''
    ) as origin_medium,
    grouped.page_url,
    grouped.occurred_at
from grouped

with offered as (
    select
        *,
        coalesce(node_key, linked_node_key) as seen_node_key
    from {{ ref('int_touchpoints__unioned') }}
    where is_valid and coalesce(node_key, linked_node_key) is not null
),

sessions as (
    select * from {{ ref('int_web_sessions__grouped') }}
),

campaigns as (
    select campaign_record_id, min(campaign) as campaign
    from {{ ref('int_campaigns__named') }}
    group by campaign_record_id
),

-- what a visitor does on the website came the way that the visit came
visits as (
    select
        offered.touchpoint_id,
        sessions.session_id,
        sessions.click_id_kind,
        sessions.campaign,
        sessions.origin_source,
        sessions.origin_medium
    from offered
    inner join sessions
        on offered.linked_node_key = sessions.visitor_node_key
        and offered.occurred_at >= sessions.occurred_at
        and offered.occurred_at < sessions.occurred_at + interval '4 hours'
    where not offered.is_date_only
    qualify row_number() over (
            partition by offered.touchpoint_id
            order by sessions.occurred_at desc, sessions.session_id asc
        ) = 1
)

select
    offered.touchpoint_id,
    offered.touchpoint_type,
    case
        when visits.touchpoint_id is null then offered.touchpoint_type else 'web_session'
    end as origin_type,
    offered.seen_node_key as node_key,
    offered.email_domain,
    coalesce(
        lower(trim(offered.campaign_name)), campaigns.campaign, visits.campaign
    ) as campaign,
    offered.page_url,
    visits.click_id_kind,
    coalesce(visits.origin_source, '') as origin_source,
    coalesce(visits.origin_medium, '') as origin_medium,
    offered.ineligible_reason,
    offered.is_date_only,
    case
        when offered.is_date_only then {{ end_of_day('offered.occurred_at') }}
        else offered.occurred_at
    end as occurred_at
from offered
left join campaigns on offered.campaign_record_id = campaigns.campaign_record_id
left join visits on offered.touchpoint_id = visits.touchpoint_id
union all
select
    touchpoint_id,
    'web_session' as touchpoint_type,
    'web_session' as origin_type,
    visitor_node_key as node_key,
    null as email_domain,
    campaign,
    page_url,
    click_id_kind,
    origin_source,
    origin_medium,
    null as ineligible_reason,
    false as is_date_only,
    occurred_at
from sessions
union all
select
    touchpoint_id || ':self_reported' as touchpoint_id,
    'self_reported' as touchpoint_type,
    'self_reported' as origin_type,
    seen_node_key as node_key,
    email_domain,
    null as campaign,
    page_url,
    null as click_id_kind,
    {{ origin_word('self_reported_source') }} as origin_source,
    '' as origin_medium,
    ineligible_reason,
    is_date_only,
    occurred_at
from offered
where self_reported_source is not null

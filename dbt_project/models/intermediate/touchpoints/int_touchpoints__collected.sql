with offered as (
    select * from {{ ref('int_touchpoints__unioned') }}
    where is_valid and node_key is not null
),

sessions as (
    select * from {{ ref('int_web_sessions__grouped') }}
),

types as (
    select * from {{ ref('touchpoint_types') }}
),

campaigns as (
    select campaign_record_id, min(campaign) as campaign
    from {{ ref('int_campaigns__named') }}
    group by campaign_record_id
),

collected as (
    select
        offered.touchpoint_id,
        offered.touchpoint_type,
        offered.node_key,
        coalesce(lower(trim(offered.campaign_name)), campaigns.campaign) as campaign,
        offered.page_url,
        cast(null as string) as click_id_kind,
        '' as origin_source,
        '' as origin_medium,
        offered.is_date_only,
        case
            when offered.is_date_only then {{ end_of_day('offered.occurred_at') }}
            else offered.occurred_at
        end as occurred_at
    from offered
    left join campaigns on offered.campaign_record_id = campaigns.campaign_record_id
    union all
    select
        touchpoint_id,
        'web_session' as touchpoint_type,
        visitor_node_key as node_key,
        lower(trim(utm_campaign)) as campaign,
        page_url,
        click_id_kind,
        lower(trim(coalesce(utm_source, outside_host, ''))) as origin_source,
        lower(trim(coalesce(
            utm_medium, case when utm_source is null and outside_host <> '' then 'referral' end, ''
        ))) as origin_medium,
        false as is_date_only,
        occurred_at
    from sessions
)

-- rows of one id are one touchpoint, such as the rejoins of a webinar: the first counts
select
    collected.*,
    types.touchpoint_priority,
    types.source_rank,
    types.is_sales,
    types.is_impression_or_open
from collected
inner join types on collected.touchpoint_type = types.touchpoint_type
qualify row_number() over (
        partition by collected.touchpoint_id order by collected.occurred_at, collected.node_key
    ) = 1

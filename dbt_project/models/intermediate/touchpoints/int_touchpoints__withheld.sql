with events as (
    select
        *,
        coalesce(identified_node_key, visitor_node_key) as node_key
    from {{ ref('int_web_events__unioned') }}
    where not has_consent
),

nodes as (
    select * from {{ ref('int_identity__nodes_resolved') }}
),

-- without consent there is no session to tell a person's visits apart by, so a day is one
daily as (
    select
        node_key,
        {{ reporting_date('occurred_at') }} as occurred_date,
        min(occurred_at) as occurred_at
    from events
    where node_key is not null
    group by all
)

select
    daily.node_key,
    nodes.person_id,
    'no_consent' as reason,
    cast(null as string) as email_domain,
    daily.occurred_at,
    daily.occurred_date
from daily
left join nodes on daily.node_key = nodes.node_key

-- one row per target that counts: of one KPI, channel and period the one that was set last
with targets as (
    select * from {{ ref('int_targets__unioned') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by kpi, channel, period_start, period_end
            order by set_at desc, source_system asc, target_id asc
        ) as recency
    from targets
)

select
    kpi,
    case when channel is null then 'all' else 'channel' end as breakdown,
    coalesce(channel, 'all') as breakdown_value,
    unit,
    set_by_role,
    cast(target_value as double) as target_value,
    period_start,
    period_end,
    set_at
from ranked
where recency = 1

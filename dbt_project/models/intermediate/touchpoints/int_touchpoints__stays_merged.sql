with stays as (
    select
        touchpoint_id,
        occurred_at,
        greatest(ended_at, occurred_at) as ended_at
    from {{ ref('int_touchpoints__unioned') }}
    where is_valid and not is_date_only and ended_at is not null
),

-- until when the stays before this one lasted: what they share is counted once
ordered as (
    select
        *,
        max(ended_at) over (
            partition by touchpoint_id
            order by occurred_at, ended_at
            rows between unbounded preceding and 1 preceding
        ) as ended_before_at
    from stays
)

select
    touchpoint_id,
    cast(
        sum(
            greatest(
                epoch_ms(ended_at) - epoch_ms(greatest(occurred_at, ended_before_at)), 0
            )
        ) as bigint
    ) as attended_milliseconds
from ordered
group by touchpoint_id

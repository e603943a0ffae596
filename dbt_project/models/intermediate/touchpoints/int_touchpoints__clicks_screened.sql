with offered as (
    select
        *,
        touchpoint_type in ('email_processed', 'email_sent', 'email_delivered') as is_sending
    from {{ ref('int_touchpoints__unioned') }}
    where
        is_valid
        and mailing_id is not null
        and touchpoint_type in (
            'email_processed', 'email_sent', 'email_delivered', 'email_click'
        )
),

filters as (
    select * from {{ ref('click_filters') }}
),

-- a scanner clicks before it lets the mail through or right after; a mailing may be sent again
timed as (
    select
        touchpoint_id,
        node_key,
        mailing_id,
        is_sending,
        occurred_at,
        max(occurred_at) filter (where is_sending) over (
            partition by node_key, mailing_id order by occurred_at
        ) as sent_at
    from offered
),

tried as (
    select
        timed.touchpoint_id,
        filters.ineligible_reason,
        filters.min_clicks,
        filters.seconds_after_sending,
        count(*) over (
            partition by
                filters.ineligible_reason, timed.node_key, timed.mailing_id, timed.sent_at
        ) as clicks
    from timed
    inner join filters
        on epoch_ms(timed.occurred_at) - epoch_ms(timed.sent_at)
        <= filters.seconds_after_sending * 1000
    where not timed.is_sending
)

-- the narrowest rule names the reason
select
    touchpoint_id,
    ineligible_reason
from tried
where clicks >= min_clicks
qualify row_number() over (
        partition by touchpoint_id order by seconds_after_sending, ineligible_reason
    ) = 1

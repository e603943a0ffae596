{{ config(materialized='table') }}

-- what was taken back of a won opportunity: by a credit note, or by an amount lowered afterwards
with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where is_won and not is_deleted
),

history as (
    select * from {{ ref('int_opportunity_history__unioned') }}
    where not is_deleted
),

refunds as (
    select * from {{ ref('int_refunds__unioned') }}
),

followed as (
    select
        *,
        lag(stage) over changes as previous_stage,
        lag(amount) over changes as previous_amount,
        -- what was raised again was not taken back for good
        max(amount) over (
            changes rows between current row and unbounded following
        ) as highest_amount
    from history
    window changes as (partition by source_system, opportunity_id order by changed_at, change_id)
),

-- the last time that it came into the stage in which it is won
won_last as (
    select
        opportunities.opportunity_id,
        max(followed.changed_at) as won_at
    from opportunities
    inner join followed
        on opportunities.source_system = followed.source_system
        and opportunities.opportunity_id = followed.opportunity_id
        and opportunities.stage = followed.stage
    where followed.previous_stage is distinct from followed.stage
    group by all
),

reversed as (
    select
        'lowered:' || followed.change_id as refund_id,
        opportunities.opportunity_id,
        followed.previous_amount - followed.highest_amount as amount,
        {{ reporting_date('followed.changed_at') }} as refunded_date
    from opportunities
    inner join won_last on opportunities.opportunity_id = won_last.opportunity_id
    inner join followed
        on opportunities.source_system = followed.source_system
        and opportunities.opportunity_id = followed.opportunity_id
        and won_last.won_at < followed.changed_at
    where followed.highest_amount < followed.previous_amount
    union all
    select
        'credit_note:' || refunds.refund_id as refund_id,
        opportunities.opportunity_id,
        refunds.amount,
        refunds.refunded_date
    from opportunities
    inner join refunds on opportunities.opportunity_id = refunds.opportunity_id
    where refunds.amount > 0
)

select * from reversed

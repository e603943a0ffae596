-- one row per fit and step from one channel to the next: the frozen ones, and those of this run
with frozen as (
    select * from {{ source('history', 'channel_transitions') }}
),

fresh as (
    select * from {{ source('statistics', 'channel_transitions') }}
)

select * from frozen
union all
select fresh.* from fresh
anti join frozen
    on fresh.journey_rule_id = frozen.journey_rule_id
    and fresh.fit_month = frozen.fit_month
    and fresh.fit_version = frozen.fit_version

-- one row per stage, breakdown and days after which somebody reached the next stage or was lost
select
    from_stage,
    to_stage,
    breakdown,
    breakdown_value,
    wait_days,
    at_risk,
    reached,
    lost,
    share_waiting,
    share_waiting_low,
    share_waiting_high,
    share_reached
from {{ source('statistics', 'stage_survival') }}

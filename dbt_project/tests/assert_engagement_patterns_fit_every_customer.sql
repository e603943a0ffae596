{{ config(severity='warn') }}

-- Who fits no pattern stands apart as `unmatched`: the seed leaves a gap.
select
    customer_id,
    touchpoints,
    channels,
    days_since_last_touchpoint
from {{ ref('int_customers__engaged') }}
where engagement_pattern = 'unmatched'

with curves as (
    select * from {{ ref('fct_stage_survival') }}
    where breakdown in ('all', 'channel')
),

input_quality as (
    select * from {{ ref('fct_funnel_inputs') }}
)

select
    curves.from_stage,
    curves.to_stage,
    curves.breakdown,
    curves.breakdown_value,
    curves.wait_days,
    curves.at_risk,
    curves.reached,
    curves.lost,
    {{ shown('curves.share_waiting', 'curves.at_risk') }} as share_waiting,
    {{ shown('curves.share_waiting_low', 'curves.at_risk') }} as share_waiting_low,
    {{ shown('curves.share_waiting_high', 'curves.at_risk') }} as share_waiting_high,
    {{ shown('curves.share_reached', 'curves.at_risk') }} as share_reached,
    curves.at_risk as sample_size,
    {{ grade('1', 'curves.at_risk', '1', 'input_quality.good_row_share') }} as grade,
    {{ grade_reason('1', 'curves.at_risk', '1', 'input_quality.good_row_share') }} as grade_reason,
    {{ null_reason([], 'curves.at_risk') }} as null_reason
from curves
left join input_quality on curves.breakdown = input_quality.breakdown

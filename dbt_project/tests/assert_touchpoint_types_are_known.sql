{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_touchpoints__collected'}}}) }}

-- What no row of the seed names is in no journey: somebody should decide whether it belongs there.
select
    offered.touchpoint_type,
    count(*) as offered_rows
from {{ ref('int_touchpoints__unioned') }} as offered
left join {{ ref('touchpoint_types') }} as known
    on offered.touchpoint_type = known.touchpoint_type
where offered.is_valid and known.touchpoint_type is null
group by offered.touchpoint_type

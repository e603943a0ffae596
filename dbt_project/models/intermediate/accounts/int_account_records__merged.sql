{{ config(materialized='table') }}

-- a merge can be followed by another; ten in a row are a mistake, or a circle
with recursive records as (
    select source_system, record_id, merged_into_record_id
    from {{ ref('int_account_records__unioned') }}
),

followed as (
    select
        source_system,
        record_id,
        record_id as survivor_id,
        0 as step
    from records
    union all
    select
        followed.source_system,
        followed.record_id,
        records.merged_into_record_id as survivor_id,
        followed.step + 1 as step
    from followed
    inner join records
        on followed.source_system = records.source_system
        and followed.survivor_id = records.record_id
    where
        records.merged_into_record_id is not null
        and records.merged_into_record_id <> followed.record_id
        and followed.step < 10
)

select
    source_system,
    record_id,
    survivor_id
from followed
qualify row_number() over (partition by source_system, record_id order by step desc) = 1

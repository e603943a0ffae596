{{ config(materialized='table') }}

with recursive records as (
    select
        source_system,
        record_id,
        nullif(merged_into_record_id, record_id) as merged_into_record_id
    from {{ ref('int_account_records__unioned') }}
),

merged as (
    select * from records
    where merged_into_record_id is not null
),

-- a merge can be followed by another; `union` keeps each pair once, so a circle comes to an end
followed as (
    select
        source_system,
        record_id,
        merged_into_record_id as survivor_id
    from merged
    union
    select
        followed.source_system,
        followed.record_id,
        merged.merged_into_record_id as survivor_id
    from followed
    inner join merged
        on followed.source_system = merged.source_system
        and followed.survivor_id = merged.record_id
),

-- who leads back to itself is in a circle
circling as (
    select
        source_system,
        survivor_id
    from followed
    where record_id = survivor_id
),

survivors as (
    select
        followed.source_system,
        followed.record_id,
        min(followed.survivor_id) as survivor_id
    from followed
    left join merged
        on followed.source_system = merged.source_system
        and followed.survivor_id = merged.record_id
    left join circling
        on followed.source_system = circling.source_system
        and followed.survivor_id = circling.survivor_id
    -- the last of the chain, even if no export has it; of a circle the smallest
    where merged.record_id is null or circling.survivor_id is not null
    group by all
)

select
    records.source_system,
    records.record_id,
    coalesce(survivors.survivor_id, records.record_id) as survivor_id
from records
left join survivors
    on records.source_system = survivors.source_system
    and records.record_id = survivors.record_id

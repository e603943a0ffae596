with records as (
    select
        *,
        source_system || '.' || record_type || ':' as node_prefix
    from {{ ref('int_person_records__unioned') }}
),

-- HubSpot's winner names its losers, as `id` or as `id:milliseconds since 1970`
losers as (
    select
        node_key as naming_node_key,
        node_prefix,
        source_system,
        record_type,
        trim(unnest(string_split(merged_record_ids, ';'))) as entry
    from records
    where merged_record_ids is not null
),

named as (
    select
        naming_node_key,
        node_prefix,
        source_system,
        record_type,
        split_part(entry, ':', 1) as record_id,
        make_timestamp(try_cast(split_part(entry, ':', 2) as bigint) * 1000) as merged_at
    from losers
    where entry <> ''
    union all
    -- Salesforce's loser names its winner
    select
        node_key as naming_node_key,
        node_prefix,
        source_system,
        record_type,
        merged_into_record_id as record_id,
        cast(null as timestamp) as merged_at
    from records
    where merged_into_record_id is not null
)

select
    naming_node_key,
    md5(node_prefix || record_id) as node_key,
    source_system,
    record_type,
    record_id,
    min(merged_at) as merged_at
from named
group by all

{{ config(materialized='table') }}

with links as (
    select * from {{ ref('int_identity__edges_found') }}
),

found as (
    select * from {{ ref('int_identity__nodes_found') }}
),

resolved as (
    select * from {{ ref('int_identity__nodes_resolved') }}
),

nodes as (
    select
        found.*,
        resolved.person_id
    from found
    inner join resolved on found.node_key = resolved.node_key
)

select
    links.node_key,
    nodes.person_id,
    nodes.node_kind,
    nodes.source_system as node_system,
    nodes.record_type,
    nodes.record_id,
    links.other_node_key,
    other_nodes.person_id as other_person_id,
    other_nodes.node_kind as other_node_kind,
    other_nodes.source_system as other_node_system,
    other_nodes.record_type as other_record_type,
    other_nodes.record_id as other_record_id,
    links.rule,
    links.confidence,
    links.source_system,
    links.first_seen_at,
    -- a link is cut if it is not used, or if what it would tie is too much for one person
    coalesce(
        links.cut_reason,
        case when nodes.person_id <> other_nodes.person_id then 'too_many_records' end
    ) as cut_reason
from links
inner join nodes on links.node_key = nodes.node_key
inner join nodes as other_nodes on links.other_node_key = other_nodes.node_key

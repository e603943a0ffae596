{{ config(materialized='table', tags=['statistics_input']) }}

with edges as (
    select
        node_key,
        other_node_key,
        max(confidence) as confidence
    from {{ ref('int_identity__edges_found') }}
    where cut_reason is null
    group by node_key, other_node_key
),

nodes as (
    select * from {{ ref('int_identity__nodes_numbered') }}
)

select
    nodes.node_index,
    other_nodes.node_index as other_node_index,
    edges.confidence
from edges
inner join nodes on edges.node_key = nodes.node_key
inner join nodes as other_nodes on edges.other_node_key = other_nodes.node_key

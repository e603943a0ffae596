{{ config(materialized='table') }}

with nodes as (
    select * from {{ ref('int_identity__nodes_numbered') }}
),

components as (
    select * from {{ source('statistics', 'identity_components') }}
)

-- the smallest key of the component, so that a rebuild gives every person the same id
select
    nodes.node_key,
    smallest.node_key as person_id
from nodes
inner join components on nodes.node_index = components.node_index
inner join nodes as smallest on components.component_index = smallest.node_index

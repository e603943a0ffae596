{{ config(materialized='table', tags=['statistics_input']) }}

with nodes as (
    select node_key from {{ ref('int_identity__edges_found') }}
    union
    select other_node_key from {{ ref('int_identity__edges_found') }}
    union
    select node_key from {{ ref('int_person_records__unioned') }}
    union
    select node_key from {{ ref('int_touchpoints__unioned') }}
    union
    select linked_node_key from {{ ref('int_touchpoints__unioned') }}
    union
    select visitor_node_key from {{ ref('int_web_events__unioned') }}
)

-- in the order of the keys: the smallest number of a component is its smallest key
select
    node_key,
    row_number() over (order by node_key) - 1 as node_index
from nodes
where node_key is not null

{{ config(materialized='table', tags=['statistics_input']) }}

-- in the order of the keys: the smallest number of a component is its smallest key
select
    node_key,
    row_number() over (order by node_key) - 1 as node_index,
    -- a person may have any number of browsers; of records and addresses there are few
    case when node_kind = 'visitor' then 0 else 1 end as node_weight
from {{ ref('int_identity__nodes_found') }}

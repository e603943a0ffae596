-- persons with more records and addresses than the setting allows
with nodes as (
    select * from {{ ref('int_identity__nodes_numbered') }}
),

resolved as (
    select * from {{ ref('int_identity__nodes_resolved') }}
)

select
    resolved.person_id,
    sum(nodes.node_weight) as records
from nodes
inner join resolved on nodes.node_key = resolved.node_key
group by resolved.person_id
having sum(nodes.node_weight) > {{ var('person_record_limit') }}

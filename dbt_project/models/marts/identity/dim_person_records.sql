with found as (
    select * from {{ ref('int_identity__nodes_found') }}
    where record_id is not null
),

nodes as (
    select * from {{ ref('int_identity__nodes_resolved') }}
),

records as (
    select * from {{ ref('int_person_records__resolved') }}
)

-- a record that only a merge names is in no export: it is deleted, and nothing else is known
select
    found.source_system,
    found.record_type,
    found.record_id,
    found.node_key,
    nodes.person_id,
    records.linked_account_id,
    records.domain_account_id,
    coalesce(records.has_role_address, false) as has_role_address,
    coalesce(records.is_deleted, true) as is_deleted,
    records.created_at
from found
inner join nodes on found.node_key = nodes.node_key
left join records on found.node_key = records.node_key

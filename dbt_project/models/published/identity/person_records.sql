select
    source_system,
    record_type,
    record_id,
    node_key,
    person_id,
    linked_account_id,
    domain_account_id,
    has_role_address,
    is_deleted,
    created_at
from {{ ref('dim_person_records') }}

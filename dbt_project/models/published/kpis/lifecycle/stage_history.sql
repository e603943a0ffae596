select
    subject_type,
    subject_id,
    source_system,
    source_stage,
    stage,
    entry_number,
    entered_at,
    left_at,
    is_current,
    is_inferred,
    is_recycled,
    skipped_stages
from {{ ref('fct_stage_entries') }}

select
    origin_type,
    origin_source,
    origin_medium,
    campaign,
    touchpoints,
    first_seen_at,
    last_seen_at
from {{ ref('fct_unmapped_sources') }}

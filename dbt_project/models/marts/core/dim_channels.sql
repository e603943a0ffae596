select
    channel,
    channel_group,
    is_paid,
    description
from {{ ref('channels') }}

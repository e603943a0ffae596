select
    channel,
    channel_group,
    is_paid,
    ga4_channel_group,
    description
from {{ ref('channels') }}

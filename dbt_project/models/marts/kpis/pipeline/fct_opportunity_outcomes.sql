select
    opportunity_id,
    customer_id,
    lead_source,
    segment,
    first_channel,
    created_date,
    close_date,
    is_won,
    is_lost,
    net_amount_reporting,
    created_amount_reporting,
    days_to_close,
    days_to_win
from {{ ref('int_opportunities__concluded') }}

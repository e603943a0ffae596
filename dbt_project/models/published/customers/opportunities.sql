select
    opportunity_id,
    source_system,
    account_id,
    stage,
    amount,
    currency,
    amount_reporting,
    is_closed,
    is_won,
    lead_source,
    buying_group_rung,
    persons,
    created_at,
    created_date,
    close_date
from {{ ref('fct_opportunities') }}

select
    opportunity_id,
    converted_date,
    buying_group_rung,
    persons,
    credited_touchpoints,
    unattributed_reason,
    won_revenue,
    evidence_grade
from {{ ref('fct_opportunity_evidence') }}

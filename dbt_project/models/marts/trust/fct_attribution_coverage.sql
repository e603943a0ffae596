-- won revenue with and without a touchpoint; the models agree on it but for their windows
with credits as (
    select * from {{ ref('fct_attribution_credits') }}
    where conversion_type = 'closed_won' and attribution_model = 'linear'
)

select
    cast(coalesce(sum(booked_credit), 0) as decimal(18, 2)) as won_revenue,
    cast(
        coalesce(sum(booked_credit) filter (where unattributed_reason is null), 0)
        as decimal(18, 2)
    ) as attributed_revenue
from credits

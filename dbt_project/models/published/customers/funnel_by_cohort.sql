select
    cast(date_trunc('month', created_date) as date) as cohort_month,
    first_channel,
    count(*) as leads,
    count(mql_at) as mqls,
    count(sql_at) as sqls,
    count(opportunity_at) as opportunities,
    count(won_date) as won
from {{ ref('fct_funnel_persons') }}
group by all

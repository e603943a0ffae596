with opportunities as (
    select
        account_id,
        count(*) as opportunities,
        count(*) filter (where is_won) as won_opportunities,
        sum(net_amount_reporting) as won_revenue
    from {{ ref('fct_opportunities') }}
    group by account_id
)

select
    accounts.account_id,
    accounts.source_system,
    accounts.name,
    accounts.domain,
    accounts.industry,
    accounts.country,
    accounts.persons,
    coalesce(opportunities.opportunities, 0) as opportunities,
    coalesce(opportunities.won_opportunities, 0) as won_opportunities,
    cast(coalesce(opportunities.won_revenue, 0) as decimal(18, 2)) as won_revenue,
    accounts.created_at
from {{ ref('dim_accounts') }} as accounts
left join opportunities on accounts.account_id = opportunities.account_id

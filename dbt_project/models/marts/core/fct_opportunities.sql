with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

groups as (
    select
        opportunity_id,
        min(rung) as rung,
        count(*) as persons
    from {{ ref('int_buying_groups__resolved') }}
    group by opportunity_id
)

select
    opportunities.opportunity_id,
    opportunities.source_system,
    opportunities.account_id,
    opportunities.stage,
    opportunities.amount,
    opportunities.currency,
    opportunities.amount_reporting,
    opportunities.created_amount_reporting,
    opportunities.is_created_amount_inferred,
    opportunities.is_closed,
    opportunities.is_won,
    opportunities.lead_source,
    coalesce(groups.rung, 'nobody') as buying_group_rung,
    coalesce(groups.persons, 0) as persons,
    opportunities.created_at,
    opportunities.created_date,
    opportunities.close_date
from opportunities
left join groups on opportunities.opportunity_id = groups.opportunity_id

with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

-- in the reporting currency and at the rate of the close date; what is left is converted as one
-- amount, so that it may be a cent off the difference of two
netted as (
    select
        opportunity_id,
        -sum(value_change) filter (where refund_id like 'credit_note:%') as credit_notes_reporting,
        sum(value_change) as net_amount_reporting
    from {{ ref('int_opportunities__netted') }}
    group by opportunity_id
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
    cast(coalesce(netted.credit_notes_reporting, 0) as decimal(18, 2)) as credit_notes_reporting,
    cast(netted.net_amount_reporting as decimal(18, 2)) as net_amount_reporting,
    opportunities.rate_date,
    coalesce(opportunities.rate_date < opportunities.valued_date, false)
        as is_rate_carried_forward,
    opportunities.created_amount_reporting,
    opportunities.created_rate_date,
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
left join netted on opportunities.opportunity_id = netted.opportunity_id
left join groups on opportunities.opportunity_id = groups.opportunity_id

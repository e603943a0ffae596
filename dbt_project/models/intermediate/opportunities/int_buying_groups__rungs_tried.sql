with opportunities as (
    select opportunity_id from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

considered as (
    select * from {{ ref('int_buying_groups__considered') }}
),

used as (
    select distinct
        opportunity_id,
        rung
    from {{ ref('int_buying_groups__resolved') }}
),

rungs as (
    select
        'contact_role' as rung,
        1 as rung_order
    union all
    select 'association', 2
    union all
    select 'account', 3
)

select
    opportunities.opportunity_id,
    rungs.rung,
    rungs.rung_order,
    count(distinct considered.node_key) as contacts_named,
    count(distinct considered.node_key) filter (
        where considered.exclusion in ('role_deleted', 'contact_deleted')
    ) as contacts_deleted,
    count(distinct considered.node_key) filter (
        where considered.exclusion = 'contact_unknown'
    ) as contacts_unknown,
    count(distinct considered.person_id) filter (where considered.exclusion is null) as persons,
    bool_or(used.rung is not null) as is_used
from opportunities
cross join rungs
left join considered
    on opportunities.opportunity_id = considered.opportunity_id
    and rungs.rung = considered.rung
left join used
    on opportunities.opportunity_id = used.opportunity_id
    and rungs.rung = used.rung
group by all

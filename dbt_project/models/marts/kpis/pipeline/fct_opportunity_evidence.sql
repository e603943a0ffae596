-- One row per won opportunity: how good the evidence is on which it is attributed. The models
-- agree on it but for their windows; linear stands for them.
with conversions as (
    select
        opportunity_id,
        max(conversion_id) filter (where reversed_conversion_id is null) as conversion_id,
        min(converted_date) as converted_date,
        sum(conversion_value) as won_revenue
    from {{ ref('fct_conversions') }}
    where conversion_type = 'closed_won'
    group by opportunity_id
),

credits as (
    select
        conversion_id,
        count(distinct touchpoint_id) as credited_touchpoints,
        max(unattributed_reason) as unattributed_reason
    from {{ ref('fct_attribution_credits') }}
    where conversion_type = 'closed_won' and attribution_model = 'linear'
    group by conversion_id
),

groups as (
    select
        opportunity_id,
        min(rung) as rung,
        count(*) as persons
    from {{ ref('int_buying_groups__resolved') }}
    group by opportunity_id
),

evidenced as (
    select
        conversions.opportunity_id,
        conversions.converted_date,
        coalesce(groups.rung, 'nobody') as buying_group_rung,
        coalesce(groups.persons, 0) as persons,
        coalesce(credits.credited_touchpoints, 0) as credited_touchpoints,
        credits.unattributed_reason,
        cast(conversions.won_revenue as decimal(18, 2)) as won_revenue
    from conversions
    left join credits on conversions.conversion_id = credits.conversion_id
    left join groups on conversions.opportunity_id = groups.opportunity_id
)

select
    *,
    case
        when credited_touchpoints = 0 then 'D'
        when buying_group_rung = 'contact_role' and credited_touchpoints >= 2 then 'A'
        when buying_group_rung = 'contact_role' then 'B'
        when buying_group_rung <> 'account' and credited_touchpoints >= 2 then 'B'
        else 'C'
    end as evidence_grade
from evidenced

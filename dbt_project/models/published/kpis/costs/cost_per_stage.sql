-- What a lead, a qualified lead and an opportunity cost that paid channels are credited with. A
-- model that does not share out leads has only the opportunities.
with spent as (
    select * from {{ ref('fct_paid_spend') }}
    where lag = 'none'
),

acquired as (
    select
        period,
        period_start,
        attribution_model,
        breakdown,
        breakdown_value,
        {% for names, type in [
            ('leads', 'lead_created'), ('mqls', 'mql'), ('opportunities', 'opportunity_created')
        ] %}
            sum(credited_conversions) filter (where conversion_type = '{{ type }}')
                as credited_{{ names }},
            cast(sum(conversions) filter (where conversion_type = '{{ type }}') as bigint)
                as {{ names }},
        {% endfor %}
        min(coverage) filter (where conversion_type = 'lead_created') as coverage
    from {{ ref('fct_paid_acquisitions') }}
    where conversion_type <> 'closed_won'
    group by all
),

{% set areas = ['crm', 'touchpoints', 'ads'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as quality
    from {{ ref('fct_input_quality') }}
),

combined as (
    select
        spent.is_complete,
        spent.spend,
        acquired.*,
        coalesce(acquired.leads, 0) as sample_size,
        {{ freshness('spent.period_start', 'spent.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.quality
    from spent
    inner join acquired
        on spent.period = acquired.period
        and spent.period_start = acquired.period_start
        and spent.breakdown = acquired.breakdown
        and spent.breakdown_value = acquired.breakdown_value
    cross join inputs
)

select
    period,
    period_start,
    is_complete,
    attribution_model,
    breakdown,
    breakdown_value,
    cast(credited_leads as double) as credited_leads,
    cast(credited_mqls as double) as credited_mqls,
    cast(credited_opportunities as double) as credited_opportunities,
    leads,
    mqls,
    opportunities,
    {{ shown(cost_per_lead('spend', 'credited_leads'), 'leads') }} as cost_per_lead,
    {{ shown(cost_per_mql('spend', 'credited_mqls'), 'mqls') }} as cost_per_mql,
    {{ shown(cost_per_opportunity('spend', 'credited_opportunities'), 'opportunities') }}
        as cost_per_opportunity,
    sample_size,
    {{ grade('coverage', 'sample_size', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'sample_size', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [
            ('leads is null', 'model_without_leads'), ('spend <= 0', 'no_spend'),
            ('credited_leads = 0', 'no_leads'),
        ], 'sample_size'
    ) }} as null_reason
from combined

with benchmarks as (
    select * from {{ ref('fct_campaign_benchmarks') }}
),

metrics as (
    select kpi, better from {{ ref('dim_metrics') }}
),

measured as (
    select
        campaign,
        kpi,
        unit,
        benchmark_value,
        is_set_before_launch,
        set_at,
        launch_date,
        campaign_cost,
        case when kpi = 'cost_per_click' then sum(clicks) else sum(leads) end as sample_size,
        {{ cost_per_click() }} as click_cost,
        sum(credited_leads) as credited_leads
    from benchmarks
    group by
        campaign, kpi, unit, benchmark_value, is_set_before_launch, set_at, launch_date,
        campaign_cost
),

calculated as (
    select
        *,
        {{ cost_per_lead('campaign_cost', 'credited_leads') }}
            as lead_cost
    from measured
),

explained as (
    select
        calculated.*,
        case
            when calculated.kpi = 'cost_per_click' then calculated.click_cost
            else calculated.lead_cost
        end as measure,
        metrics.better,
        {{ null_reason([
            ("calculated.kpi not in ('cost_per_click', 'cost_per_lead')", 'not_measured_by_campaign'),
            ('calculated.campaign_cost <= 0', 'no_spend'),
            ('calculated.sample_size = 0', 'no_cases'),
        ], 'calculated.sample_size') }} as null_reason
    from calculated
    left join metrics on calculated.kpi = metrics.kpi
)

select
    campaign,
    kpi,
    unit,
    benchmark_value,
    is_set_before_launch,
    set_at,
    launch_date,
    campaign_cost,
    case when null_reason is null then measure end as actual_value,
    case
        when null_reason is not null then null
        when better = 'higher' then measure >= benchmark_value
        else measure <= benchmark_value
    end as is_benchmark_met,
    cast(coalesce(sample_size, 0) as bigint) as sample_size,
    null_reason
from explained

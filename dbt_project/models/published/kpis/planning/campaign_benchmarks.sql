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
        {{ cost_per_click() }} as clicked_at,
        sum(credited_leads) as credited_leads
    from benchmarks
    group by
        campaign, kpi, unit, benchmark_value, is_set_before_launch, set_at, launch_date,
        campaign_cost
),

explained as (
    select
        measured.*,
        case
            when measured.kpi = 'cost_per_click' then measured.clicked_at
            else {{ cost_per_lead('measured.campaign_cost', 'measured.credited_leads') }}
        end as measure,
        metrics.better,
        {{ null_reason([
            ("measured.kpi not in ('cost_per_click', 'cost_per_lead')", 'not_measured_by_campaign'),
            ('measured.campaign_cost <= 0', 'no_spend'),
            ('measured.sample_size = 0', 'no_cases'),
        ], 'measured.sample_size') }} as null_reason
    from measured
    left join metrics on measured.kpi = metrics.kpi
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

-- one row per campaign and KPI with a benchmark: what the campaign is measured by, and additive
-- measures of what it came to
with benchmarks as (
    select * from {{ ref('int_benchmarks__unioned') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

-- of one campaign and KPI the one that was set last before the launch; one set later is shown, too
ranked as (
    select
        benchmarks.*,
        campaigns.start_date as launch_date,
        coalesce(cast(benchmarks.set_at as date) < campaigns.start_date, false)
            as is_set_before_launch,
        row_number() over (
            partition by benchmarks.campaign, benchmarks.kpi
            order by
                coalesce(cast(benchmarks.set_at as date) < campaigns.start_date, false) desc,
                benchmarks.set_at desc, benchmarks.source_system asc, benchmarks.benchmark_id asc
        ) as recency
    from benchmarks
    left join campaigns on benchmarks.campaign = campaigns.campaign
),

spent as (
    select
        campaign,
        sum(spend) as spend,
        sum(clicks) as clicks
    from {{ ref('fct_campaign_channel_daily') }}
    group by campaign
),

-- a booth or a hall is what an event costs instead of ads
allocated as (
    select campaign, sum(cost) as allocated_cost
    from {{ ref('fct_costs_monthly') }}
    where campaign is not null and cost_category <> 'media'
    group by campaign
),

credited as (
    select
        campaign,
        cast(sum(cast(weight as decimal(38, 12))) as double) as credited_leads,
        count(distinct conversion_id) as leads
    from {{ ref('fct_attribution_credits') }}
    where attribution_model = 'linear' and conversion_type = 'lead_created'
    group by campaign
)

select
    ranked.campaign,
    ranked.kpi,
    ranked.unit,
    cast(ranked.benchmark_value as double) as benchmark_value,
    ranked.is_set_before_launch,
    ranked.set_at,
    ranked.launch_date,
    cast(
        coalesce(spent.spend, 0) + coalesce(allocated.allocated_cost, 0) as decimal(18, 2)
    ) as campaign_cost,
    cast(coalesce(spent.spend, 0) as decimal(18, 2)) as spend,
    cast(coalesce(spent.clicks, 0) as bigint) as clicks,
    coalesce(credited.credited_leads, 0) as credited_leads,
    coalesce(credited.leads, 0) as leads
from ranked
left join spent on ranked.campaign = spent.campaign
left join allocated on ranked.campaign = allocated.campaign
left join credited on ranked.campaign = credited.campaign
where ranked.recency = 1

{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_benchmarks__unioned'}}}) }}

-- A benchmark that is set once results are there can be set so that it is met. Of one that was set
-- on the day of the launch nobody can tell; of a campaign that no system knows neither.
with benchmarks as (
    select * from {{ ref('int_benchmarks__unioned') }}
),

-- systems differ by the day that they call the first
launches as (
    select
        campaign,
        min(start_date) as launch_date
    from {{ ref('int_campaigns__named') }}
    group by campaign
)

select
    benchmarks.benchmark_id,
    benchmarks.campaign,
    benchmarks.kpi,
    benchmarks.set_at,
    launches.launch_date
from benchmarks
left join launches on benchmarks.campaign = launches.campaign
where launches.launch_date is null or cast(benchmarks.set_at as date) >= launches.launch_date

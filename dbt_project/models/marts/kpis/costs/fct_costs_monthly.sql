-- One row per month and what was paid for: media as the platforms report it, and what is kept by
-- hand. Costs that are allocated to no channel or campaign have none.
with campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

media as (
    select
        cast(date_trunc('month', report_date) as date) as cost_month,
        'media' as cost_category,
        'marketing' as team,
        channel,
        campaign,
        spend_reporting as cost
    from {{ ref('fct_ad_performance_daily') }}
),

costs as (
    select
        cost_month,
        cost_category,
        team,
        channel,
        campaign,
        cast(cost as decimal(18, 6)) as cost
    from {{ ref('int_costs__converted') }}
),

unioned as (
    select * from media
    union all
    select * from costs
)

select
    unioned.cost_month,
    unioned.cost_category,
    unioned.team,
    unioned.channel,
    unioned.campaign,
    coalesce(campaigns.campaign_type, 'none') as campaign_type,
    cast(sum(unioned.cost) as decimal(18, 6)) as cost
from unioned
left join campaigns on unioned.campaign = campaigns.campaign
group by all

-- one row per campaign code, whichever systems know it
with named as (
    select * from {{ ref('int_campaigns__named') }}
),

advertised as (
    select distinct campaign from {{ ref('int_ads__spend_converted') }}
    where campaign is not null
),

codes as (
    select campaign from named
    union
    select campaign from advertised
),

described as (
    select
        campaign,
        arg_min(campaign_type, source_system) filter (where campaign_type is not null)
            as campaign_type,
        min(start_date) as start_date,
        max(end_date) as end_date
    from named
    group by campaign
)

select
    codes.campaign,
    described.campaign_type,
    advertised.campaign is not null as is_advertised,
    described.start_date,
    described.end_date
from codes
left join described on codes.campaign = described.campaign
left join advertised on codes.campaign = advertised.campaign

-- one row per platform and ad account, listed by its platform or only seen in a report
with spend as (
    select * from {{ ref('fct_ad_performance_daily') }}
),

listed as (
    select * from {{ ref('int_ads__accounts_unioned') }}
),

time_zones as (
    select * from {{ ref('int_ads__time_zones_compared') }}
),

seen as (
    select
        platform,
        account_id,
        case when count(distinct currency) = 1 then min(currency) end as currency
    from spend
    where account_id is not null
    group by platform, account_id
),

accounts as (
    select
        coalesce(listed.platform, seen.platform) as platform,
        coalesce(listed.account_id, seen.account_id) as account_id,
        coalesce(listed.currency, seen.currency) as currency,
        listed.time_zone
    from listed
    full outer join seen
        on listed.platform = seen.platform and listed.account_id = seen.account_id
)

select
    accounts.platform,
    accounts.account_id,
    accounts.currency,
    accounts.time_zone,
    time_zones.offset_hours_min,
    time_zones.offset_hours_max,
    coalesce(time_zones.day_comparability, 'unknown') as day_comparability,
    -- of 24 hours as many fall into another reporting day as the zones are apart
    1 - greatest(-time_zones.offset_hours_min, time_zones.offset_hours_max) / 24 as day_overlap,
    1 - greatest(-time_zones.offset_hours_min, time_zones.offset_hours_max) / 168
        as week_overlap
from accounts
left join time_zones on accounts.time_zone = time_zones.time_zone

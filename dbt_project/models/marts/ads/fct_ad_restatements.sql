-- a day whose numbers a later delivery changed: what was reported first, and what counts now
with versions as (
    select * from {{ ref('int_ads__report_versions_unioned') }}
),

campaigns as (
    select * from {{ ref('int_ads__campaigns_unioned') }}
),

-- a delivery adds the versions that it brings and takes away those that it supersedes
changed as (
    select *, delivered_in as changed_in, 1 as sign from versions
    union all by name
    select *, superseded_in as changed_in, -1 as sign from versions
    where superseded_in is not null
),

measured as (
    unpivot (
        select
            changed.platform,
            changed.report_level,
            coalesce(changed.account_id, campaigns.account_id, '') as account_id,
            changed.report_date,
            changed.changed_in,
            cast(changed.sign * changed.spend as decimal(38, 6)) as spend,
            cast(changed.sign * changed.platform_conversions as decimal(38, 6)) as conversions
        from changed
        left join campaigns
            on changed.platform = campaigns.platform
            and changed.campaign_id = campaigns.campaign_id
    )
    on spend, conversions
    into name metric value difference
),

by_delivery as (
    select
        platform,
        report_level,
        account_id,
        report_date,
        metric,
        changed_in,
        sum(difference) as difference
    from measured
    group by all
),

numbered as (
    select
        *,
        row_number() over (
            partition by platform, report_level, account_id, report_date, metric
            order by changed_in
        ) as delivery_number
    from by_delivery
)

select
    platform,
    report_level,
    account_id,
    report_date,
    metric,
    cast(sum(difference) filter (delivery_number = 1) as decimal(18, 6)) as first_value,
    cast(sum(difference) as decimal(18, 6)) as current_value,
    cast(sum(difference) filter (delivery_number > 1) as decimal(18, 6)) as difference,
    -- a delivery that repeats the numbers is no version of its own
    1 + count(*) filter (delivery_number > 1 and difference <> 0) as versions
from numbered
group by platform, report_level, account_id, report_date, metric
having count(*) filter (delivery_number > 1 and difference <> 0) > 0

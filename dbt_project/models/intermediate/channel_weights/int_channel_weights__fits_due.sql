-- One row per month whose channel weights are still to be fitted, for each way to make a journey
-- that a data-driven model uses. What was published once is frozen: a month is fitted again only
-- if somebody asks for it, under a new version.
with rules as (
    select * from {{ ref('int_journey_rules__numbered') }}
),

models as (
    select * from {{ ref('attribution_models') }}
    where channel_weights <> 'none'
),

conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where reversed_conversion_id is null
),

kept as (
    select
        journey_rule_id,
        fit_month,
        max(fit_version) as fit_version
    from {{ source('history', 'channel_weight_fits') }}
    group by all
),

refits as (
    select * from {{ source('history', 'channel_weight_refits') }}
),

driven_rules as (
    select distinct
        rules.journey_rule_id,
        rules.conversion_type,
        rules.lookback_days,
        rules.direct_policy,
        rules.fold_same_day,
        rules.include_sales,
        rules.include_impressions_and_opens
    from rules
    inner join models
        on rules.conversion_type = models.conversion_type
        and rules.lookback_days = models.lookback_days
        and rules.direct_policy = models.direct_policy
        and rules.fold_same_day = models.fold_same_day
        and rules.include_sales = models.include_sales
        and rules.include_impressions_and_opens = models.include_impressions_and_opens
),

dated as (
    select
        conversion_type,
        cast(date_trunc('month', converted_date) as date) as fit_month,
        cast(date_trunc('month', max(converted_date) filter (
            where conversion_type <> 'closed_won'
        ) over ()) as date) as open_month
    from conversions
),

-- a month is closed once a conversion of a later one is known; a close date does not count, since
-- it is typed in and may lie in the future
closed_months as (
    select distinct
        conversion_type,
        fit_month
    from dated
    where fit_month < open_month
),

wanted as (
    select
        driven_rules.*,
        closed_months.fit_month,
        1 + count(refits.requested_at) as fit_version
    from driven_rules
    inner join closed_months on driven_rules.conversion_type = closed_months.conversion_type
    left join refits on closed_months.fit_month = refits.fit_month
    group by all
)

select
    wanted.*,
    {{ end_of_day('last_day(wanted.fit_month)') }} as fitted_until,
    {{ end_of_day('last_day(wanted.fit_month)') }}
    - to_days(cast(wanted.lookback_days as integer)) as fitted_from
from wanted
left join kept
    on wanted.journey_rule_id = kept.journey_rule_id and wanted.fit_month = kept.fit_month
where wanted.fit_version > coalesce(kept.fit_version, 0)

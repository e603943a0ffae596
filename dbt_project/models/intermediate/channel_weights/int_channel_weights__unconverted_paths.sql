-- One row per fit and unit that had not converted by then, with the channels that it had met. A
-- unit is the group of an opportunity, or a known person without one; what was deleted or merged
-- into another sale cannot convert, so it is none.
with fits as (
    select * from {{ ref('int_channel_weights__fits_due') }}
),

conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where reversed_conversion_id is null
),

opportunities as (
    select opportunity_id from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

groups as (
    select * from {{ ref('int_buying_groups__resolved') }}
    where opportunity_id in (select opportunity_id from opportunities)
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
    where is_known_person
),

units as (
    select
        opportunity_id as unit_id,
        opportunity_id,
        person_id
    from groups
    union all
    select
        person_id as unit_id,
        null as opportunity_id,
        person_id
    from {{ ref('int_persons__profiled') }}
    where not is_deleted and person_id not in (select person_id from groups)
),

met as (
    select
        units.unit_id,
        units.opportunity_id,
        touchpoints.*
    from units
    inner join touchpoints on units.person_id = touchpoints.person_id
),

-- what converted later had not converted then
eligible as (
    select
        fits.journey_rule_id,
        fits.fit_month,
        fits.fit_version,
        fits.fold_same_day,
        fits.direct_policy,
        met.*
    from fits
    inner join met
        on fits.fitted_from <= met.occurred_at
        and fits.fitted_until >= met.occurred_at
        and (fits.include_sales or not met.is_sales)
        and (fits.include_impressions_and_opens or not met.is_impression_or_open)
    left join conversions
        on met.opportunity_id = conversions.opportunity_id
        and fits.conversion_type = conversions.conversion_type
    where conversions.converted_at is null or conversions.converted_at > fits.fitted_until
),

folded as (
    select * from eligible
    qualify not fold_same_day or row_number() over (
            partition by
                journey_rule_id, fit_month, unit_id, person_id, channel, campaign, occurred_date
            order by occurred_at, touchpoint_priority, source_rank, touchpoint_id
        ) = 1
),

without_direct as (
    select * from folded
    qualify direct_policy = 'keep' or channel <> 'direct' or not bool_or(channel <> 'direct') over (
            partition by journey_rule_id, fit_month, unit_id
        )
)

select
    journey_rule_id,
    fit_month,
    fit_version,
    unit_id,
    list(
        channel order by occurred_at, touchpoint_priority, source_rank, touchpoint_id
    ) as channel_path
from without_direct
group by all

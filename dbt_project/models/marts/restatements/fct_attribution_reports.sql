-- One row per attribution model, conversion and channel of a closed month, with all that a credit
-- depends on, so that a later run can say why it changed. A month is closed once a conversion of
-- a later one is known, and stays closed if that one goes.
with reported as (
    select max(report_month) as last_month from {{ source('history', 'attribution_changes') }}
),

credits as (
    select
        *,
        coalesce(reversed_conversion_id, conversion_id) as weighed_conversion_id,
        cast(date_trunc('month', converted_date) as date) as report_month
    from {{ ref('fct_attribution_credits') }}
    -- a close date closes no month: it is typed in and may lie in the future
    qualify report_month < date_trunc('month', max(converted_date) filter (
            where conversion_type <> 'closed_won'
        ) over ())
        or report_month <= (select last_month from reported)
),

conversions as (
    select * from {{ ref('fct_conversions') }}
),

-- who belongs to the group by the CRM's word, whoever they turn out to be
evidence as (
    select
        opportunity_id,
        md5(string_agg(node_key, ',' order by node_key)) as evidence_fingerprint
    from {{ ref('int_opportunity_contacts__unioned') }}
    where not is_deleted
    group by opportunity_id
),

identities as (
    select
        members.conversion_id,
        md5(string_agg(nodes.node_key, ',' order by nodes.node_key)) as identity_fingerprint
    from {{ ref('int_conversions__groups_resolved') }} as members
    inner join {{ ref('int_identity__nodes_resolved') }} as nodes
        on members.person_id = nodes.person_id
    group by members.conversion_id
),

journeys as (
    select
        attribution_model,
        conversion_id,
        md5(string_agg(touchpoint_id, ',' order by touch_position)) as touchpoint_fingerprint,
        md5(string_agg(
            concat_ws(':', touchpoint_id, channel, campaign, cast(occurred_at as string)), ','
            order by touch_position
        )) as origin_fingerprint,
        count(touchpoint_id) as touchpoints
    from credits
    group by all
),

channels as (
    select
        attribution_model,
        model_version,
        max(weights_version) as weights_version,
        conversion_type,
        conversion_id,
        weighed_conversion_id,
        channel,
        report_month,
        cast(sum(cast(weight as decimal(28, 15))) as double) as weight,
        cast(sum(booked_credit) as decimal(18, 6)) as booked_credit
    from credits
    group by all
)

select
    channels.attribution_model,
    channels.model_version,
    channels.weights_version,
    channels.conversion_type,
    channels.conversion_id,
    channels.channel,
    channels.report_month,
    conversions.amount,
    conversions.exchange_rate,
    conversions.conversion_value,
    channels.weight,
    channels.booked_credit,
    journeys.touchpoints,
    evidence.evidence_fingerprint,
    identities.identity_fingerprint,
    journeys.touchpoint_fingerprint,
    journeys.origin_fingerprint
from channels
inner join conversions on channels.conversion_id = conversions.conversion_id
inner join journeys
    on channels.attribution_model = journeys.attribution_model
    and channels.conversion_id = journeys.conversion_id
left join evidence on conversions.opportunity_id = evidence.opportunity_id
left join identities on channels.weighed_conversion_id = identities.conversion_id

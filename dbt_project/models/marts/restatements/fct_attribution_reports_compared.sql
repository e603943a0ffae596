{{ config(materialized='view') }}

-- One row per attribution model, conversion and channel: as last reported, and as it is now.
with reported as (
    select * from {{ source('history', 'attribution_reports') }}
),

current_reports as (
    select * from {{ ref('fct_attribution_reports') }}
),

reported_months as (
    select distinct attribution_model, conversion_type, report_month
    from {{ source('history', 'attribution_changes') }}
),

-- a person's conversion that goes on under another id, since the person was tied to another
renamed as (
    select distinct
        reported.conversion_id as old_conversion_id,
        reported.conversion_type || ':' || nodes.person_id as new_conversion_id
    from reported
    inner join {{ ref('int_identity__nodes_resolved') }} as nodes
        on reported.conversion_id = reported.conversion_type || ':' || nodes.node_key
    where reported.conversion_id <> reported.conversion_type || ':' || nodes.person_id
),

merged as (
    select old_conversion_id as merged_conversion_id from renamed
    union
    select new_conversion_id from renamed
),

keys as (
    select attribution_model, conversion_type, conversion_id, channel from reported
    union
    select attribution_model, conversion_type, conversion_id, channel from current_reports
),

-- what is the same for all channels of a conversion
old_conversions as (
    select distinct
        attribution_model, conversion_id, report_month, amount, exchange_rate, conversion_value,
        model_version, weights_version, evidence_fingerprint, identity_fingerprint,
        touchpoint_fingerprint, origin_fingerprint, touchpoints
    from reported
),

new_conversions as (
    select distinct
        attribution_model, conversion_id, report_month, amount, exchange_rate, conversion_value,
        model_version, weights_version, evidence_fingerprint, identity_fingerprint,
        touchpoint_fingerprint, origin_fingerprint, touchpoints
    from current_reports
)

select
    keys.*,
    olds.report_month as old_month,
    news.report_month as new_month,
    olds.amount as old_amount,
    news.amount as new_amount,
    olds.exchange_rate as old_rate,
    news.exchange_rate as new_rate,
    olds.conversion_value as old_value,
    news.conversion_value as new_value,
    coalesce(reported.weight, 0) as old_weight,
    coalesce(current_reports.weight, 0) as new_weight,
    coalesce(reported.booked_credit, 0) as old_credit,
    coalesce(current_reports.booked_credit, 0) as new_credit,
    reported_months.report_month is not null as is_reported_month,
    keys.conversion_id in (select merged_conversion_id from merged) as is_merged,
    {{ cause_of_weight_change('olds', 'news') }} as weight_cause
from keys
left join old_conversions as olds
    on keys.attribution_model = olds.attribution_model
    and keys.conversion_id = olds.conversion_id
left join new_conversions as news
    on keys.attribution_model = news.attribution_model
    and keys.conversion_id = news.conversion_id
left join reported
    on keys.attribution_model = reported.attribution_model
    and keys.conversion_id = reported.conversion_id
    and keys.channel = reported.channel
left join current_reports
    on keys.attribution_model = current_reports.attribution_model
    and keys.conversion_id = current_reports.conversion_id
    and keys.channel = current_reports.channel
left join reported_months
    on keys.attribution_model = reported_months.attribution_model
    and keys.conversion_type = reported_months.conversion_type
    and news.report_month = reported_months.report_month

{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution_restatements'}}}) }}

-- What was first reported and every change since, with its cause, make what is reported now.
with changes as (
    select
        attribution_model,
        conversion_id,
        channel,
        report_month,
        sum(credit_change) as credit_change
    from {{ ref('fct_attribution_restatements') }}
    group by all
),

reports as (
    select
        attribution_model,
        conversion_id,
        channel,
        report_month,
        booked_credit
    from {{ ref('fct_attribution_reports') }}
)

select
    coalesce(changes.attribution_model, reports.attribution_model) as attribution_model,
    coalesce(changes.conversion_id, reports.conversion_id) as conversion_id,
    coalesce(changes.channel, reports.channel) as channel,
    changes.credit_change,
    reports.booked_credit
from changes
full outer join reports
    on changes.attribution_model = reports.attribution_model
    and changes.conversion_id = reports.conversion_id
    and changes.channel = reports.channel
    and changes.report_month = reports.report_month
where coalesce(changes.credit_change, 0) <> coalesce(reports.booked_credit, 0)

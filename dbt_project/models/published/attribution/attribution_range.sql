-- How far the models are apart: a channel's least and most under any of them, month by month. A
-- model that gives a channel nothing counts with 0.
with credits as (
    select
        cast(date_trunc('month', converted_date) as date) as report_month,
        conversion_type,
        channel,
        attribution_model,
        cast(sum(booked_credit) as decimal(18, 6)) as booked_credit
    from {{ ref('fct_attribution_credits') }}
    group by all
),

models as (
    select distinct conversion_type, attribution_model from credits
),

cells as (
    select distinct report_month, conversion_type, channel from credits
),

completed as (
    select
        cells.report_month,
        cells.conversion_type,
        cells.channel,
        models.attribution_model,
        coalesce(credits.booked_credit, 0) as booked_credit
    from cells
    inner join models on cells.conversion_type = models.conversion_type
    left join credits
        on cells.report_month = credits.report_month
        and cells.conversion_type = credits.conversion_type
        and cells.channel = credits.channel
        and models.attribution_model = credits.attribution_model
)

select
    report_month,
    conversion_type,
    channel,
    count(*) as attribution_models,
    cast(min(booked_credit) as decimal(18, 6)) as least_credit,
    cast(median(booked_credit) as decimal(18, 6)) as median_credit,
    cast(max(booked_credit) as decimal(18, 6)) as most_credit,
    min_by(attribution_model, (booked_credit, attribution_model)) as least_model,
    max_by(attribution_model, (booked_credit, attribution_model)) as most_model
from completed
group by all

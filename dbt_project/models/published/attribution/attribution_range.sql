-- How far the models are apart: the least and the most that a channel gets under any of them, by
-- month, by month and campaign, and by opportunity. A model that gives nothing counts with 0.
with conversions as (
    select conversion_id, opportunity_id from {{ ref('fct_conversions') }}
),

credits as (
    select
        credits.attribution_model,
        credits.conversion_type,
        credits.channel,
        coalesce(credits.campaign, '') as campaign,
        conversions.opportunity_id,
        credits.booked_credit,
        cast(date_trunc('month', credits.converted_date) as date) as report_month
    from {{ ref('fct_attribution_credits') }} as credits
    inner join conversions on credits.conversion_id = conversions.conversion_id
),

summed as (
    {% for grain, columns in [
        ('channel', 'report_month, null as campaign, null as opportunity_id'),
        ('campaign', 'report_month, campaign, null as opportunity_id'),
        ('opportunity', 'null as report_month, null as campaign, opportunity_id'),
    ] %}
        select
            '{{ grain }}' as grain,
            attribution_model,
            conversion_type,
            channel,
            {{ columns }},
            sum(booked_credit) as booked_credit
        from credits
        where '{{ grain }}' <> 'opportunity' or opportunity_id is not null
        group by all
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

models as (
    select distinct conversion_type, attribution_model from credits
),

cells as (
    select distinct grain, report_month, campaign, opportunity_id, conversion_type, channel
    from summed
),

completed as (
    select
        cells.*,
        models.attribution_model,
        coalesce(summed.booked_credit, 0) as booked_credit
    from cells
    inner join models on cells.conversion_type = models.conversion_type
    left join summed
        on cells.grain = summed.grain
        and cells.report_month is not distinct from summed.report_month
        and cells.campaign is not distinct from summed.campaign
        and cells.opportunity_id is not distinct from summed.opportunity_id
        and cells.conversion_type = summed.conversion_type
        and cells.channel = summed.channel
        and models.attribution_model = summed.attribution_model
)

select
    grain,
    cast(report_month as date) as report_month,
    cast(campaign as string) as campaign,
    cast(opportunity_id as string) as opportunity_id,
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

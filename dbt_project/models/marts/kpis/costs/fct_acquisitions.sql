-- One row per month, attribution model, type of conversion, and what is credited. Of wins only the
-- first of a customer counts. A conversion has one month: its months may be added up to periods.
with paid as (
    select channel from {{ ref('channels') }}
    where is_paid
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

customers as (
    select conversion_id from {{ ref('int_customers__acquired') }}
),

credits as (
    select * from {{ ref('fct_attribution_credits') }}
    where
        weight > 0
        and (
            conversion_type in ('lead_created', 'mql', 'opportunity_created')
            or conversion_id in (select customers.conversion_id from customers)
        )
),

acquired as (
    select
        credits.attribution_model,
        credits.conversion_type,
        credits.conversion_id,
        credits.channel,
        credits.channel || ': ' || coalesce(campaigns.campaign_type, 'none') as campaign_type,
        paid.channel is not null as is_paid,
        cast(credits.weight as decimal(38, 12)) as weight,
        cast(date_trunc('month', credits.converted_date) as date) as converted_month
    from credits
    left join campaigns on credits.campaign = campaigns.campaign
    left join paid on credits.channel = paid.channel
)

{% for breakdown, value in [
    ('all', "'all'"), ('channel', 'channel'), ('campaign_type', 'campaign_type')
] %}
    select
        converted_month,
        attribution_model,
        conversion_type,
        '{{ breakdown }}' as breakdown,
        {{ value }} as breakdown_value,
        is_paid,
        sum(weight) as credited_conversions,
        count(distinct conversion_id) as conversions
    from acquired
    where '{{ breakdown }}' <> 'all' or is_paid
    group by all
    {% if not loop.last %} union all {% endif %}
{% endfor %}

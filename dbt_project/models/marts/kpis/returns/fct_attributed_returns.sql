-- One row per quarter, attribution model, basis and what is credited: won revenue less refunds, and
-- its margin. By day of sale a refund counts in its own quarter, by day of touchpoint in that of
-- the touchpoint that had the credit. The margin is that of the day which the basis counts by.
with credits as (
    select
        attribution_model,
        channel,
        campaign,
        coalesce(reversed_conversion_id, conversion_id) as won_conversion_id,
        booked_credit,
        converted_date as sale_date,
        {{ reporting_date('occurred_at') }} as touch_date
    from {{ ref('fct_attribution_credits') }}
    where
        conversion_type = 'closed_won'
        and weight > 0
        and channel not in ('sales', 'unattributed')
),

channels as (
    select channel, is_paid from {{ ref('channels') }}
),

margins as (
    select * from {{ ref('int_margins__filled') }}
),

booked as (
    {% for basis in ['sale_date', 'touch_date'] %}
        select
            '{{ basis }}' as basis,
            attribution_model,
            channel,
            campaign,
            won_conversion_id,
            booked_credit,
            {{ basis }} as booked_date
        from credits
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
),

valued as (
    select
        booked.basis,
        booked.attribution_model,
        booked.channel,
        booked.campaign,
        booked.won_conversion_id,
        cast(date_trunc('quarter', booked.booked_date) as date) as period_start,
        sum(booked.booked_credit) as revenue,
        sum(booked.booked_credit * cast(margins.margin_share as decimal(12, 6))) as margin,
        bool_and(margins.margin_share is not null) as has_margin
    from booked
    left join margins
        on booked.booked_date >= margins.valid_from and booked.booked_date < margins.valid_before
    group by all
)

{% for breakdown, value in [
    ('all', "'all'"), ('channel', 'valued.channel'), ('campaign', 'valued.campaign')
] %}
    select
        valued.period_start,
        valued.attribution_model,
        valued.basis,
        '{{ breakdown }}' as breakdown,
        {{ value }} as breakdown_value,
        cast(sum(valued.revenue) as decimal(18, 6)) as attributed_revenue,
        -- of everything together, what came without an ad is no return on spend
        cast(sum(
            case when channels.is_paid or '{{ breakdown }}' <> 'all' then valued.revenue else 0 end
        ) as decimal(18, 6)) as paid_revenue,
        -- unknown as a whole where the margin of a part is
        case when bool_and(valued.has_margin) then cast(sum(valued.margin) as decimal(38, 12)) end
            as attributed_margin,
        count(distinct valued.won_conversion_id) as conversions,
        count(distinct valued.won_conversion_id) filter (
            where channels.is_paid or '{{ breakdown }}' <> 'all'
        ) as paid_conversions
    from valued
    left join channels on valued.channel = channels.channel
    where '{{ breakdown }}' <> 'campaign' or valued.campaign is not null
    group by all
    {% if not loop.last %} union all {% endif %}
{% endfor %}

-- One row per quarter and what was paid for: media, and all that marketing costs. Of a channel or
-- campaign that is what is allocated to it, of `all` everything.
with costs as (
    select
        *,
        cast(date_trunc('quarter', cost_month) as date) as period_start,
        cost_category = 'media' as is_media
    from {{ ref('fct_costs_monthly') }}
    where team = 'marketing'
)

{% for breakdown, value in [('all', "'all'"), ('channel', 'channel'), ('campaign', 'campaign')] %}
    select
        period_start,
        '{{ breakdown }}' as breakdown,
        {{ value }} as breakdown_value,
        cast(coalesce(sum(cost) filter (where is_media), 0) as decimal(18, 6)) as spend,
        cast(sum(cost) as decimal(18, 6)) as cost
    from costs
    {% if breakdown == 'channel' %}
        where channel not in ('sales', 'unattributed')
    {% elif breakdown == 'campaign' %}
        where campaign is not null
    {% endif %}
    group by all
    {% if not loop.last %} union all {% endif %}
{% endfor %}

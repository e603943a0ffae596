-- one row per breakdown of the funnel: how far what it is made of has settled and could be read
{% for breakdown in ['all', 'campaign_type', 'channel', 'segment', 'source'] %}
    {% set reads_touchpoints = breakdown in ['campaign_type', 'channel'] %}
    {% set areas = ['crm', 'touchpoints'] if reads_touchpoints else ['crm'] %}
    select
        '{{ breakdown }}' as breakdown,
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as good_row_share
    from {{ ref('fct_input_quality') }}
    {% if not loop.last %} union all {% endif %}
{% endfor %}

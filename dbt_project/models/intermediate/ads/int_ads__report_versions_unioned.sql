{# What the platforms reported with each delivery, from both interfaces of spend. #}
{% set of_campaigns = tables_feeding('campaign_spend') %}
{% for table in tables_feeding('ad_performance') + of_campaigns %}

    select
        platform,
        '{{ "campaigns" if table in of_campaigns else "ads" }}' as report_level,
        account_id,
        campaign_id,
        spend,
        platform_conversions,
        report_date,
        delivered_in,
        superseded_in
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

{# The interface `campaign_spend`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('campaign_spend') %}

    select
        platform,
        utm_source,
        click_id_kind,
        account_id,
        campaign_id,
        campaign_name,
        currency,
        impressions,
        clicks,
        spend,
        platform_conversions,
        report_date
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

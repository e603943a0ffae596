{# The interface `campaign_spend`: a table that feeds it must stage these columns, and with every
   version of a row the deliveries that brought and superseded it; what counts is the last. #}
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
    where superseded_in is null

    {% if not loop.last %} union all {% endif %}

{% endfor %}

{# The interface `ad_performance`: a table that feeds it must stage these columns, and with every
   version of a row the deliveries that brought and superseded it; what counts is the last. #}
{% for table in tables_feeding('ad_performance') %}

    select
        platform,
        utm_source,
        click_id_kind,
        account_id,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_id,
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

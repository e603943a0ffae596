{# The interface `ad_campaigns`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('ad_campaigns') %}

    select
        platform,
        account_id,
        campaign_id,
        campaign_name
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

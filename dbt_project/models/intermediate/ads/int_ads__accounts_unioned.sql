{# The interface `ad_accounts`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('ad_accounts') %}

    select
        platform,
        account_id,
        currency,
        time_zone
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

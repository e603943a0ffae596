{# The interface `costs`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('costs') %}

    select
        source_system,
        cost_id,
        cost_category,
        team,
        channel,
        campaign,
        currency,
        amount,
        cost_month
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

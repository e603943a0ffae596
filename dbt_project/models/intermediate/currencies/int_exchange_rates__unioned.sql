{# The interface `exchange_rates`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('exchange_rates') %}

    select
        currency,
        units_per_euro,
        rate_date
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

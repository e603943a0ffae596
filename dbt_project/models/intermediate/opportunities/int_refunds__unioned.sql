{# The interface `refunds`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('refunds') %}

    select
        source_system,
        refund_id,
        opportunity_id,
        currency,
        amount,
        refunded_date
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

{# The interface `margins`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('margins') %}

    select
        source_system,
        product_line,
        margin_share,
        valid_from
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

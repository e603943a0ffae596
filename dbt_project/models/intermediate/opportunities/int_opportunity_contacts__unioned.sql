{# The interface `opportunity_contacts`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('opportunity_contacts') %}

    select
        source_system,
        opportunity_id,
        node_key,
        rung,
        role,
        is_primary,
        is_deleted
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

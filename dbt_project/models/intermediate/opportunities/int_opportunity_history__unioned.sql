{# The interface `opportunity_history`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('opportunity_history') %}

    select
        source_system,
        change_id,
        opportunity_id,
        stage,
        is_deleted,
        amount,
        changed_at,
        close_date
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

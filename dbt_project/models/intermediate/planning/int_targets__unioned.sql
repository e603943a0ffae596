{# The interface `targets`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('targets') %}

    select
        source_system,
        target_id,
        kpi,
        channel,
        unit,
        set_by_role,
        target_value,
        period_start,
        period_end,
        set_at
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

{# The interface `account_records`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('account_records') %}

    select
        source_system,
        record_id,
        synced_record_id,
        merged_into_record_id,
        name,
        domain,
        industry,
        country,
        is_deleted,
        created_at
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

{# The interface `person_records`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('person_records') %}

    select
        source_system,
        record_type,
        record_id,
        node_key,
        email_node_key,
        email_domain,
        has_role_address,
        account_record_id,
        merged_into_record_id,
        merged_record_ids,
        synced_contact_node_key,
        synced_lead_node_key,
        lifecycle_stage,
        is_deleted,
        created_at,
        mql_at,
        sql_at
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

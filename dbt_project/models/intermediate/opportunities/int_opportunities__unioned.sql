{# The interface `opportunities`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('opportunities') %}

    select
        source_system,
        opportunity_id,
        account_record_id,
        merged_into_record_id,
        stage,
        currency,
        lead_source,
        campaign_record_id,
        is_closed,
        is_won,
        is_deleted,
        amount,
        created_at,
        close_date
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

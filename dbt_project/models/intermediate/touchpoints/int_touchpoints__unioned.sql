{# The interface `touchpoints`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('touchpoints') %}

    select
        touchpoint_id,
        touchpoint_type,
        node_key,
        linked_node_key,
        email_domain,
        campaign_name,
        campaign_record_id,
        mailing_id,
        self_reported_source,
        page_url,
        ineligible_reason,
        is_date_only,
        is_valid,
        occurred_at,
        ended_at
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

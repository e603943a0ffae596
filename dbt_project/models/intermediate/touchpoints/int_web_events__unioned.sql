{# The interface `web_events`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('web_events') %}

    select
        source_system,
        event_name,
        visitor_node_key,
        identified_node_key,
        session_id,
        utm_source,
        utm_medium,
        utm_campaign,
        click_id_kind,
        page_url,
        referrer_host,
        has_consent,
        occurred_at
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

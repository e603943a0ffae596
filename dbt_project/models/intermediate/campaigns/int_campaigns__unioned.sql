{# The interface `campaigns`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('campaigns') %}

    select
        source_system,
        campaign_record_id,
        campaign_name,
        campaign_type,
        currency,
        is_deleted,
        budget,
        start_date,
        end_date
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

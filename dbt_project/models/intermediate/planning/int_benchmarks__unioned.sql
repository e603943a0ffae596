{# The interface `benchmarks`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('benchmarks') %}

    select
        source_system,
        benchmark_id,
        campaign,
        kpi,
        unit,
        benchmark_value,
        set_at
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

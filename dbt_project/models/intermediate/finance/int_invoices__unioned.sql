{# The interface `invoices`: a table that feeds it must stage these columns. #}
{% for table in tables_feeding('invoices') %}

    select
        source_system,
        invoice_id,
        account_record_id,
        opportunity_id,
        invoice_kind,
        currency,
        amount,
        period_start,
        period_end
    from {{ ref('stg_' ~ table) }}

    {% if not loop.last %} union all {% endif %}

{% endfor %}

{% macro attribution_coverage(attributed_revenue, won_revenue) %}
    cast({{ attributed_revenue }} as double) / nullif({{ won_revenue }}, 0)
{% endmacro %}

{# Of the rows that it is aggregated over, whose refunds are negative. #}
{% macro sourced_revenue(revenue, is_sourced) -%}
    cast(coalesce(sum({{ revenue }}) filter (where {{ is_sourced }}), 0) as decimal(18, 2))
{%- endmacro %}

{% macro influenced_revenue(revenue, is_influenced) -%}
    cast(coalesce(sum({{ revenue }}) filter (where {{ is_influenced }}), 0) as decimal(18, 2))
{%- endmacro %}

{# A period in which more was refunded than won has no shares. #}
{% macro sourced_share(sourced_revenue, won_revenue) -%}
    case when {{ won_revenue }} > 0 then cast({{ sourced_revenue }} as double) / {{ won_revenue }} end
{%- endmacro %}

{% macro influenced_share(influenced_revenue, won_revenue) -%}
    case when {{ won_revenue }} > 0 then cast({{ influenced_revenue }} as double) / {{ won_revenue }} end
{%- endmacro %}

{% macro accurately_attributed_share(well_attributed_revenue, influenced_revenue) -%}
    case when {{ influenced_revenue }} > 0
        then cast({{ well_attributed_revenue }} as double) / {{ influenced_revenue }} end
{%- endmacro %}

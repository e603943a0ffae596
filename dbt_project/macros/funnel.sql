{# What a wait of the funnel has of a breakdown; null where the breakdown has no meaning for it. #}
{% macro funnel_breakdown_value(breakdown) -%}
    case {{ breakdown }}
        when 'all' then 'all'
        when 'channel' then first_channel
        when 'segment' then segment
        -- only an opportunity has one
        when 'source' then lead_source
    end
{%- endmacro %}

{# Shares are rounded products, so that one of exactly a half may have come out a little smaller. #}
{% macro days_until_reached(share) %}
    min(wait_days) filter (where share_reached >= {{ share }} - 1e-12)
{% endmacro %}

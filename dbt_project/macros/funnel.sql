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

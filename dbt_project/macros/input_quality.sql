{# Of several kinds of input, as one row of their aggregate: the day up to which all have settled,
   and the least share of rows that could be read. Null if it is not known of any of them. #}
{% macro settled_until(areas) -%} {{ least_known('settled_until', areas) }} {%- endmacro %}

{% macro good_row_share(areas) -%} {{ least_known('good_row_share', areas) }} {%- endmacro %}

{% macro least_known(measure, areas) -%}
    {%- set named = "filter (where area in ('" ~ areas | join("', '") ~ "'))" -%}
    case
        when count({{ measure }}) {{ named }} = {{ areas | length }}
            then min({{ measure }}) {{ named }}
    end
{%- endmacro %}

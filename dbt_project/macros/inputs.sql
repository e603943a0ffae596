{# The least of an input quality over several kinds of input; null if one of them is not known. #}
{% macro least_if_all_known(column) -%}
    case when count({{ column }}) = count(*) then min({{ column }}) end
{%- endmacro %}

{# The identity graph's name for a record, address or visitor: a hash, never a clear value. #}
{% macro node_key(kind, value) -%}
    case when {{ value }} is not null then md5('{{ kind }}:' || {{ value }}) end
{%- endmacro %}

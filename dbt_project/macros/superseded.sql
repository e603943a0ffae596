{# The `_file_sequence` of the delivery that superseded a row's version; null for the rows that
   count, which are those of `is_current`. #}
{% macro superseded_in(source_name, table_name) -%}
    {%- set rule = version_rule(source_name, table_name) -%}
    {%- if rule.delivery == 'full' -%}
        min(_file_sequence) over (
            order by _as_of, _file_sequence groups between 1 following and 1 following
        )
    {%- else -%}
        lead(_file_sequence) over (
            partition by {{ rule.key | join(', ') }}
            order by
                {% if rule.version_by %}{{ rule.version_by }} nulls first,{% endif %}
                _file_sequence, _line
        )
    {%- endif -%}
{%- endmacro %}

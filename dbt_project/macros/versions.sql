{# True for the rows that count, by the way the contract says the table is delivered:
   of `full` files the latest, of `events` and `upserts` each key's last version. A `key` is
   given where staging brings the contract's into one form first. #}
{% macro is_current(source_name, table_name, key=none) -%}
    {%- set rule = version_rule(source_name, table_name) -%}
    {%- if rule.delivery == 'full' -%}
        dense_rank() over (order by _as_of desc, _file_sequence desc) = 1
    {%- else -%}
        row_number() over (
            partition by {{ (key or rule.key) | join(', ') }}
            order by
                {% if rule.version_by %}{{ rule.version_by }} desc nulls last,{% endif %}
                _file_sequence desc, _line desc
        ) = 1
    {%- endif -%}
{%- endmacro %}

{# True for each key's last version in any file of a `full` table: what was deleted since keeps
   its last known row, for facts that still name it. #}
{% macro is_last_known(source_name, table_name) -%}
    row_number() over (
        partition by {{ version_rule(source_name, table_name).key | join(', ') }}
        order by _as_of desc, _file_sequence desc, _line desc
    ) = 1
{%- endmacro %}

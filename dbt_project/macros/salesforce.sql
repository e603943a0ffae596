{# A Salesforce id in its long form. Reports write 15 characters that differ by case alone, the
   interfaces 3 more: for each 5 of the 15 one that tells which of them are capitals.
   Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm #}
{% macro salesforce_id(id) -%}
    case
        when length({{ id }}) = 15 then {{ id }}
            {%- for start in [1, 6, 11] %}
            || substr(
                'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
                {%- for place in range(5) %}
                + case
                    when substr({{ id }}, {{ start + place }}, 1) between 'A' and 'Z'
                        then {{ 2 ** place }} else 0
                end
                {%- endfor %}, 1
            )
            {%- endfor %}
        else {{ id }}
    end
{%- endmacro %}

{# The part of a domain that somebody registered: `acme.co.uk` of `mail.acme.co.uk`; null without
   one. The suffixes of several parts are a seed, any other has one part. #}
{% macro registrable_domain(domain) -%}
    nullif(
        case
            when regexp_extract({{ domain }}, '[^.]+[.][^.]+$')
                in (select suffix from {{ ref('public_suffixes') }})
                then regexp_extract({{ domain }}, '[^.]+[.][^.]+[.][^.]+$')
            when not regexp_matches({{ domain }}, '^[0-9.]+$')
                then regexp_extract({{ domain }}, '[^.]+[.][^.]+$')
        end, ''
    )
{%- endmacro %}

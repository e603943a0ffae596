{# A source, medium or campaign as it is compared: in lower case, without a query or an address,
   which broken links carry there. #}
{% macro origin_word(text) -%}
    regexp_replace(
        regexp_replace(lower(trim({{ text }})), '\?\S.*$', ''),
        '[^\s@/]+(@|%40)[^\s@/]+', 'withheld', 'g'
    )
{%- endmacro %}

{# A parameter of a URL's query, decoded; null where the URL does not have it. #}
{% macro url_parameter(url, name) -%}
    nullif(
        url_decode(replace(regexp_extract({{ url }}, '[?&]{{ name }}=([^&#]*)', 1), '+', ' ')), ''
    )
{%- endmacro %}

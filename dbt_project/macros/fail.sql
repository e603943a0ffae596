{# Stop the build with a message; for facts without which every later number is wrong. #}
{% macro fail(message) -%} error({{ message }}) {%- endmacro %}

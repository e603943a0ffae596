{# The sum of a double over a named window, the same to the last bit in any order of the rows. #}
{% macro exact_sum(column, window) %}
    cast(sum(cast({{ column }} as decimal(38, 18))) over {{ window }} as double)
{% endmacro %}

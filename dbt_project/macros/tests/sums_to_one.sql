{# Fails for each group whose weights do not add up to one whole. #}
{% test sums_to_one(model, column_name, by) %}

select {{ by | join(', ') }}, sum({{ column_name }}) as total
from {{ model }}
group by all
having abs(sum({{ column_name }}) - 1) > 1e-9

{% endtest %}

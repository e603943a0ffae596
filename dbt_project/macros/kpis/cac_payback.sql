{# A margin that is not above 0 never pays back. `customer_value` is what one brings in a year. #}
{% macro cac_payback_months(fully_loaded_cac, customer_value, margin_share) %}
    case
        when {{ customer_value }} > 0 and {{ margin_share }} > 0
            then {{ fully_loaded_cac }} / (
                cast({{ customer_value }} as double) / 12 * cast({{ margin_share }} as double)
            )
    end
{% endmacro %}

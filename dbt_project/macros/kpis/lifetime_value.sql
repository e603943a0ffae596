{% macro realised_margin(margin, observed_customers) %}
    cast({{ margin }} as double) / nullif({{ observed_customers }}, 0)
{% endmacro %}

{% macro renewal_rate(renewals_made, renewals_due) %}
    cast({{ renewals_made }} as double) / nullif({{ renewals_due }}, 0)
{% endmacro %}

{# `discounted_tenure` is the present value of paying 1 a year for as long as customers stay. #}
{% macro expected_lifetime_value(first_year_margin, customers, discounted_tenure) %}
    cast({{ first_year_margin }} as double) / nullif({{ customers }}, 0) * {{ discounted_tenure }}
{% endmacro %}

{% macro expected_purchase_value(residual_value, customers) %}
    {{ residual_value }} / nullif({{ customers }}, 0)
{% endmacro %}

{% macro ltv_to_cac(expected_lifetime_value, marketing_cost, new_customers) %}
    {{ expected_lifetime_value }}
    / nullif(cast({{ marketing_cost }} as double) / nullif({{ new_customers }}, 0), 0)
{% endmacro %}

{# As if every customer left with the same chance at each renewal, and money had no time. #}
{% macro simple_lifetime_value(first_year_margin, customers, renewals_made, renewals_due) %}
    {{ realised_margin(first_year_margin, customers) }}
    / nullif(1 - {{ renewal_rate(renewals_made, renewals_due) }}, 0)
{% endmacro %}

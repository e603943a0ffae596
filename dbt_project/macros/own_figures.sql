{# Of a row with several figures, what is this one's own: the cases behind it, the grade that these
   allow at best, and why it is missing while the row's headline figure is there. #}
{% macro own_sample(kpi) -%}
    {%- set samples = {
        'cost_per_mql': 'mqls', 'cost_per_opportunity': 'opportunities',
        'expected_purchase_value': 'purchase_customers', 'simple_lifetime_value': 'renewals_due',
        'renewal_rate': 'renewals_due',
    } -%}
    {%- if kpi in samples -%} coalesce({{ samples[kpi] }}, 0) {%- else -%} sample_size {%- endif -%}
{%- endmacro %}

{% macro own_grade(kpi) -%}
    greatest(grade, {{ grade_of(own_sample(kpi), 100, 30, 10) }})
{%- endmacro %}

{% macro own_null_reason(kpi) -%} {{ 'no_spend' if kpi == 'roas' else 'too_few_cases' }} {%- endmacro %}

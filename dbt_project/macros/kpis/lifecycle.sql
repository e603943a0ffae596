{# Over waits of persons for the next stage, or over the curve that Kaplan-Meier makes of them. Who
   is only inferred to have been in a stage has converted, but has not waited there. #}

{% macro stage_conversion(converted_in_window, entered) %}
    cast({{ converted_in_window }} as double) / nullif({{ entered }}, 0)
{% endmacro %}

{% macro days_in_stage(quantile) %}
    quantile_cont(waited_days, {{ quantile }})
    filter (where outcome = 'reached' and not is_inferred)
{% endmacro %}

{% macro median_days_to_next_stage() %} {{ days_until_reached(0.5) }} {% endmacro %}

{# The attribution model at one end of a figure's range; of equals the first by name at the lower
   end and the last at the upper one. `end` is min or max. #}
{% macro model_of(end, figure) -%}
    {{ end }}_by(attribution_model, ({{ figure }}, attribution_model))
        filter (where {{ figure }} is not null)
{%- endmacro %}

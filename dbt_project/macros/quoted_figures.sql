{# A quoted figure's column and the ends of its interval: those of its 95 % interval, or the least
   and the most under any attribution model; without an interval there are none. #}
{% macro quoted_value(kpi, interval) -%}
    {{ 'median_' if interval == 'attribution_models' }}{{ kpi }}
{%- endmacro %}

{% macro quoted_end(end, kpi, interval) -%}
    {%- if interval == 'confidence_95' -%} {{ kpi }}_{{ end }}
    {%- elif interval -%} {{ {'low': 'least', 'high': 'most'}[end] }}_{{ kpi }}
    {%- else -%} null {%- endif -%}
{%- endmacro %}

{# Of several definitions of one KPI the one that targets are set for. #}
{% macro headline_variants() -%}
    '', 'none', 'sale_date', 'first_touch_before_sales', 'any_touch'
{%- endmacro %}

{% macro same_figure(one, other) -%}
    {%- for column in ['kpi', 'variant', 'breakdown', 'breakdown_value'] -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }} {{ 'and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

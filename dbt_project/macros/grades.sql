{# How far a figure can be trusted, A to D: the worst of four grades. `coverage` is the share of the
   cases that the figure could see, `sample_size` counts them, `freshness` is the share of the
   period's days for which the inputs have settled, `quality` the share of the inputs' rows that
   could be read. What is not known is a D. #}
{% macro grade(coverage, sample_size, freshness, quality) -%}
    greatest(
        {{ grade_of(coverage, 0.9, 0.75, 0.5) }}, {{ grade_of(sample_size, 100, 30, 10) }},
        {{ grade_of(freshness, 1, 0.9, 0.5) }}, {{ grade_of(quality, 0.999, 0.99, 0.95) }}
    )
{%- endmacro %}

{# The criterion that decides the grade; of equals the first. Null for an A. #}
{% macro grade_reason(coverage, sample_size, freshness, quality) -%}
    case {{ grade(coverage, sample_size, freshness, quality) }}
        when 'A' then null
        when {{ grade_of(sample_size, 100, 30, 10) }} then 'sample_size'
        when {{ grade_of(coverage, 0.9, 0.75, 0.5) }} then 'coverage'
        when {{ grade_of(freshness, 1, 0.9, 0.5) }} then 'freshness'
        else 'quality'
    end
{%- endmacro %}

{% macro grade_of(measure, a, b, c) -%}
    case when {{ measure }} >= {{ a }} then 'A' when {{ measure }} >= {{ b }} then 'B'
        when {{ measure }} >= {{ c }} then 'C' else 'D' end
{%- endmacro %}

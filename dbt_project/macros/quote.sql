{# One entry of the quoted figures: the published table, the KPIs in it, and what of the row says
   period and definition where the table has no column of that name. #}
{% macro quote(table, figures, differences) %}
    {{ return(dict({
        'table': table, 'figures': figures, 'variant': "''", 'period': 'period',
        'period_start': 'period_start', 'is_complete': 'is_complete', 'breakdown': 'breakdown',
        'breakdown_value': 'breakdown_value', 'where': "true",
    }, **differences)) }}
{% endmacro %}

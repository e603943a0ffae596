{# The KPIs whose change is compared at an unchanged mix of channels, each a ratio of two sums. #}
{% macro return_kpi(numerator, denominator) %}
    case kpi
        when 'roas' then {{ roas(numerator, denominator) }}
        when 'marketing_roi' then {{ marketing_roi(numerator, denominator) }}
        when 'paid_cac' then {{ paid_cac(numerator, denominator) }}
    end
{% endmacro %}

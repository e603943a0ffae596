{# Which published figures the scoreboard quotes. `interval` says where a figure's ends stand: in
   _low and _high, or, for the range over the attribution models, in least_ and most_. #}
{% macro quoted_kpis() %}
    {% set ever = dict(period="'all'", period_start='started.first_day', is_complete='false') %}
    {% set company = {'breakdown': "'all'", 'breakdown_value': "'all'"} %}
    {% set quarterly = dict(company, period="'quarter'", variant='definition') %}
    {{ return([
        quote('pipeline_velocity', ['win_rate:confidence_95', 'average_deal_value', 'cycle_days',
            'pipeline_velocity:confidence_95'], {'where': "basis = 'period'"}),
        quote('blended_acquisition_cost', ['blended_cac:confidence_95', 'fully_loaded_cac',
            'cac_payback_months'], dict(company, variant='lag')),
        quote('acquisition_cost_range', ['paid_cac:attribution_models'], {'variant': 'lag'}),
        quote('cost_per_stage', ['cost_per_lead', 'cost_per_mql', 'cost_per_opportunity'],
            {'where': "attribution_model = 'linear'"}),
        quote('return_on_spend_range', ['roas:attribution_models', 'marketing_roi:attribution_models'
            ], {'variant': 'basis', 'where': "breakdown <> 'campaign'"}),
        quote('sourced_revenue_quarterly', ['sourced_revenue', 'sourced_share'], quarterly),
        quote('influenced_revenue_quarterly', ['influenced_revenue', 'influenced_share',
            'accurately_attributed_share'], quarterly),
        quote('attribution_coverage_quarterly', ['attribution_coverage'],
            dict(quarterly, variant="''")),
        quote('margin_by_origin', ['realised_margin'],
            dict(ever, variant="'12_months'", where='age_months = 12')),
        quote('stage_durations', ['days_in_stage', 'median_days_to_next_stage'],
            dict(ever, variant="from_stage || ' to ' || to_stage")),
        quote('lifetime_value', ['renewal_rate:confidence_95', 'simple_lifetime_value',
            'expected_lifetime_value', 'expected_purchase_value', 'ltv_to_cac'], dict(ever, where="breakdown <> 'channel_pattern'")),
    ]) }}
{% endmacro %}

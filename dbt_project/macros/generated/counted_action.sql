{# Generated from seeds/platform_conversion_actions.csv by `make contracts`; do not edit. #}
{% macro counted_action(platform) %}
    {{ return({
        'google_ads': 'conversions',
        'linkedin_ads': 'external_website_conversions',
        'meta_ads': 'actions_lead',
        'microsoft_ads': 'conversions'
    }[platform]) }}
{% endmacro %}

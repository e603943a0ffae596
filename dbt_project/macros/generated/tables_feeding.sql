{# Generated from ingest/contracts by `make contracts`; do not edit. #}
{% macro tables_feeding(interface) %}
    {{ return({
        'campaigns': ['campaign_plan__campaigns', 'salesforce__campaign'],
        'exchange_rates': ['ecb__exchange_rates'],
        'refunds': ['finance__credit_notes'],
        'costs': ['finance__costs'],
        'margins': ['finance__margins'],
        'invoices': ['finance__invoices'],
        'web_events': ['ga4__events'],
        'ad_performance': ['google_ads__ad_daily', 'linkedin_ads__creative_daily', 'meta_ads__ad_daily', 'microsoft_ads__ad_daily'],
        'campaign_spend': ['google_ads__campaign_daily'],
        'ad_accounts': ['google_ads__accounts', 'linkedin_ads__accounts', 'meta_ads__accounts', 'microsoft_ads__accounts'],
        'person_records': ['hubspot__contacts', 'salesforce__contact', 'salesforce__lead'],
        'account_records': ['hubspot__companies', 'salesforce__account'],
        'touchpoints': ['hubspot__form_submissions', 'hubspot__email_events', 'hubspot__meetings', 'salesforce__campaign_member', 'salesforce__task', 'webinar__attendance'],
        'ad_campaigns': ['linkedin_ads__campaigns'],
        'targets': ['planning__targets'],
        'benchmarks': ['planning__benchmarks'],
        'opportunities': ['salesforce__opportunity'],
        'opportunity_history': ['salesforce__opportunity_history'],
        'opportunity_contacts': ['salesforce__opportunity_contact_role']
    }[interface]) }}
{% endmacro %}

{# Generated from ingest/contracts by `make contracts`; do not edit. #}
{% macro version_rule(source_name, table_name) %}
    {{ return({
        'campaign_plan__campaigns': {'delivery': 'full', 'key': ['campaign_id'], 'version_by': None},
        'ecb__exchange_rates': {'delivery': 'full', 'key': ['date'], 'version_by': None},
        'finance__credit_notes': {'delivery': 'upserts', 'key': ['credit_note_id'], 'version_by': None},
        'ga4__events': {'delivery': 'events', 'key': ['event_timestamp', 'event_name', 'event_bundle_sequence_id', 'batch_event_index'], 'version_by': None},
        'google_ads__ad_daily': {'delivery': 'upserts', 'key': ['customer_id', 'ad_id', 'ad_group_id', 'segments_date'], 'version_by': None},
        'google_ads__campaign_daily': {'delivery': 'upserts', 'key': ['customer_id', 'campaign_id', 'segments_date'], 'version_by': None},
        'google_ads__accounts': {'delivery': 'full', 'key': ['customer_id'], 'version_by': None},
        'hubspot__contacts': {'delivery': 'upserts', 'key': ['hs_object_id'], 'version_by': 'lastmodifieddate'},
        'hubspot__companies': {'delivery': 'upserts', 'key': ['hs_object_id'], 'version_by': 'hs_lastmodifieddate'},
        'hubspot__form_submissions': {'delivery': 'events', 'key': ['conversion_id'], 'version_by': None},
        'hubspot__email_events': {'delivery': 'events', 'key': ['id'], 'version_by': None},
        'hubspot__meetings': {'delivery': 'upserts', 'key': ['hs_object_id'], 'version_by': 'hs_lastmodifieddate'},
        'linkedin_ads__creative_daily': {'delivery': 'upserts', 'key': ['creative_id', 'day'], 'version_by': None},
        'linkedin_ads__campaigns': {'delivery': 'full', 'key': ['campaign_id'], 'version_by': None},
        'linkedin_ads__accounts': {'delivery': 'full', 'key': ['account_id'], 'version_by': None},
        'meta_ads__ad_daily': {'delivery': 'upserts', 'key': ['account_id', 'ad_id', 'date_start'], 'version_by': None},
        'meta_ads__accounts': {'delivery': 'full', 'key': ['account_id'], 'version_by': None},
        'microsoft_ads__ad_daily': {'delivery': 'upserts', 'key': ['account_id', 'ad_id', 'ad_group_id', 'date'], 'version_by': None},
        'microsoft_ads__accounts': {'delivery': 'full', 'key': ['account_id'], 'version_by': None},
        'salesforce__account': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__contact': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__lead': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__opportunity': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__opportunity_history': {'delivery': 'events', 'key': ['id'], 'version_by': None},
        'salesforce__opportunity_contact_role': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__campaign': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__campaign_member': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'salesforce__task': {'delivery': 'upserts', 'key': ['id'], 'version_by': 'system_modstamp'},
        'webinar__attendance': {'delivery': 'events', 'key': ['webinar_id', 'user_id', 'join_time'], 'version_by': None}
    }[source_name ~ '__' ~ table_name]) }}
{% endmacro %}

"""HubSpot's exports: contacts with their merges, companies, forms, e-mail events, meetings."""

from simulator.company import WEBSITE
from simulator.delivery import Export

_STAGES = """
case
    when customer_at >= 0 then 'customer'
    when opportunity_at >= 0 then 'opportunity'
    when sql_at >= 0 then 'salesqualifiedlead'
    when mql_at >= 0 then 'marketingqualifiedlead'
    else 'lead'
end
"""

# A merged record is gone from the export, unless something had been merged into it before:
# then it stays, archived, and the chain can only be followed through it.
_CONTACTS = f"""
with first_forms as (
    select form_record as record, min(happened_at) as first_at
    from sessions where has_form group by all
),
first_touches as (
    select person, min(happened_at) as first_at, arg_min(channel, happened_at) as channel,
        arg_min(campaign, happened_at) as campaign
    from touches group by all
),
losers as (
    select person, kind, string_agg(hubspot_id, ';' order by record) as merged_ids
    from records where kind in (1, 2) group by all
),
listed as (
    select records.*, coalesce(first_forms.first_at, records.begins_at) as record_created_at,
        losers.merged_ids
    from records
    left join first_forms using (record)
    left join losers on losers.person = records.person and losers.kind = records.kind + 1
        and records.kind in (0, 1)
    where records.kind in (0, 3, 4) or (records.kind = 1 and losers.merged_ids is not null)
)
select
    listed.hubspot_id as hs_object_id, listed.email,
    people.first_name as firstname, people.last_name as lastname,
    case when listed.kind = 0 and people.person % 5 < 3
        then '+49 30 ' || people.phone end as phone,
    case when listed.kind = 0 then people.title end as jobtitle,
    accounts.name as company, accounts.country,
    instant(if(listed.kind = 0, people.created_at, record_created_at)) as createdate,
    instant(if(listed.kind = 0, greatest(people.created_at, people.lead_at, people.mql_at,
        people.sql_at, people.opportunity_at, people.customer_at), record_created_at))
        as lastmodifieddate,
    if(listed.kind = 0, {_STAGES}, 'lead') as lifecyclestage,
    instant(if(listed.kind = 0, people.lead_at, record_created_at)) as hs_lifecyclestage_lead_date,
    if(listed.kind = 0, instant(people.mql_at), null)
        as hs_lifecyclestage_marketingqualifiedlead_date,
    if(listed.kind = 0, instant(people.sql_at), null) as hs_lifecyclestage_salesqualifiedlead_date,
    if(listed.kind = 0, instant(people.opportunity_at), null)
        as hs_lifecyclestage_opportunity_date,
    if(listed.kind = 0, instant(people.customer_at), null) as hs_lifecyclestage_customer_date,
    case when listed.kind = 0 and people.sql_at >= 0 then 'IN_PROGRESS' end as hs_lead_status,
    case when listed.kind = 0 and first_touches.first_at <= people.created_at
        then channels.hubspot_source else 'OFFLINE' end as hs_analytics_source,
    case when listed.kind = 0 and first_touches.first_at <= people.created_at
        then campaigns.code end as hs_analytics_source_data_1,
    if(listed.kind = 0, instant(first_touches.first_at), null) as hs_analytics_first_timestamp,
    listed.merged_ids as hs_merged_object_ids,
    case when listed.email not like '%@%.%' or people.uses_free_mail then null
        else accounts.hubspot_id end as associatedcompanyid,
    case when listed.kind = 0 and people.contact_created_at >= 0 and people.person % 6 > 0
        then people.contact_id end as salesforcecontactid,
    case when listed.kind = 0 and people.lead_created_at >= 0 and people.person % 7 > 0
        then people.lead_id end as salesforceleadid,
    7200 + listed.account % 12 as hubspot_owner_id,
    coalesce(people.is_opted_out, false) as hs_email_optout,
    listed.kind = 1 as archived
from listed
left join people using (person)
left join accounts on accounts.account = listed.account
left join first_touches on first_touches.person = people.person
left join campaigns on campaigns.campaign = first_touches.campaign
left join channels on channels.channel = first_touches.channel
order by listed.record
"""

_COMPANIES = """
with known as (select account, min(created_at) as known_at from people group by all)
select
    accounts.hubspot_id as hs_object_id, name, if(account % 25 = 0, null, domain) as domain,
    industry, country, employees as numberofemployees, revenue as annualrevenue,
    instant(known_at) as createdate, instant(known_at + 86400) as hs_lastmodifieddate,
    if(account_created_at >= 0, salesforce_id, null) as salesforceaccountid, false as archived
from accounts
join known using (account)
order by account
"""

_FORMS = f"""
select
    happened_at, session, records.hubspot_id, records.email, visits.visitor_id, visits.query,
    forms.form_id, forms.title, forms.path,
    (happened_at + 40 + pages * 25) * 1000 + session % 1000 as submitted_at,
    '{WEBSITE}' || forms.path || case
        when session % 40 = 0 then '?email=' || records.email
        when pages = 1 then query else '' end as page_url,
    case when session % 3 > 0 then null
        when channel_name in ('brand_search', 'direct') then
            ['Recommendation', 'Podcast', 'Trade fair', 'Colleague'][session % 4 + 1]
        when contains(channel_name, 'search') then 'Google'
        when channel_name = 'paid_social' then 'LinkedIn'
        when channel_name = 'email' then 'Newsletter'
        when channel_name = 'referral' then 'Article'
        else 'Advertisement' end as answer
from visits
join forms on forms.form = visits.form
join records on records.record = visits.form_record
where has_form
"""
_FORM_ROWS = """
select
    md5('form ' || session)::uuid::varchar as conversion_id, form_id, title,
    hubspot_id as contact_id, email, submitted_at, page_url, visitor_id as ga_client_id,
    answer as how_did_you_hear_about_us
from slice
"""

_SENDS = f"""
select
    sent_at as happened_at, sends.send, people.email, happening, campaigns.code,
    '{WEBSITE}/resources/' || campaigns.slug || '?utm_source=hubspot&utm_medium=email&utm_campaign='
        || campaigns.code || '&utm_content=' || (270000000 + happening) as url,
    opened_at, clicked_at, is_bounced, is_scanned, is_filtered
from sends
join people using (person)
join campaigns using (campaign)
"""
# A scanner follows every link within seconds of the delivery; HubSpot notices some of them.
_EMAIL_ROWS = """
with happened as (
    select *, unnest(list_filter([
        {'kind': 'SENT', 'number': 0, 'seconds': happened_at},
        {'kind': if(is_bounced, 'BOUNCE', 'DELIVERED'), 'number': 0, 'seconds': happened_at + 2},
        {'kind': 'CLICK', 'number': 1, 'seconds': if(is_scanned, happened_at + 3, null)},
        {'kind': 'CLICK', 'number': 2, 'seconds': if(is_scanned, happened_at + 4, null)},
        {'kind': 'CLICK', 'number': 3, 'seconds': if(is_scanned, happened_at + 4, null)},
        {'kind': 'OPEN', 'number': 0, 'seconds': if(opened_at >= 0, opened_at, null)},
        {'kind': 'CLICK', 'number': 0, 'seconds': if(clicked_at >= 0, clicked_at, null)}
    ], lambda event: event.seconds is not null)) as event
    from slice
)
select
    mail_event_id(send, event.kind, event.number) as id,
    event.seconds * 1000 + send % 1000 as created, event.kind as type, email as recipient,
    270000000 + happening as "emailCampaignId", code as "emailCampaignName",
    case when event.kind = 'CLICK'
        then url || if(event.number > 0, '&link=' || event.number, '') end as url,
    event.number > 0 and is_filtered as "filteredEvent"
from happened
"""

_MEETINGS = """
select
    9100000000 + meeting * 17 as hs_object_id, instant(booked_at) as hs_createdate,
    instant(happened_at + 3600) as hs_lastmodifieddate,
    'Brightloom <> ' || accounts.name || ', ' || people.first_name as hs_meeting_title,
    instant(happened_at) as hs_meeting_start_time,
    instant(happened_at + minutes * 60) as hs_meeting_end_time,
    ['COMPLETED', 'NO_SHOW', 'CANCELED', 'RESCHEDULED'][outcome + 1] as hs_meeting_outcome,
    if(meeting % 3 = 0, 'MEETINGS_PUBLIC', 'CRM_UI') as hs_meeting_source,
    records.hubspot_id as associatedcontactid, 7200 + people.account % 12 as hubspot_owner_id,
    false as archived
from meetings
join people using (person)
join accounts on accounts.account = people.account
join records on records.record = meetings.person
order by meeting
"""

EXPORTS = (
    Export("hubspot", "contacts", _CONTACTS),
    Export("hubspot", "companies", _COMPANIES),
    Export("hubspot", "form_submissions", _FORM_ROWS, prepared=_FORMS),
    Export("hubspot", "email_events", _EMAIL_ROWS, prepared=_SENDS),
    Export("hubspot", "meetings", _MEETINGS),
)

"""The website's exports: Google Analytics' events, one JSON line each, as in BigQuery.

BigQuery writes 64-bit numbers as text and leaves out what is null. Every text here comes from
this package and has no quote or backslash, so lines are put together without escaping.
"""

from simulator.company import WEBSITE
from simulator.delivery import Export

# One row per visit with all that its events share. Google's auto-tagged clicks sometimes lack
# utm parameters, and GA4 then calls some of them organic.
VISITS = """
create or replace temp table visits as
with marked as (
    select
        sessions.*, session % 4 as form, channels.name as channel_name,
        if(devices.has_consent, visitor_number || '.' || seen_at, null) as visitor_id,
        row_number() over (partition by sessions.device order by happened_at, session)
            as session_number,
        ['desktop', 'mobile', 'tablet'][category + 1] as category,
        coalesce(accounts.country, ['Germany', 'France', 'United Kingdom', 'United States'][
            sessions.region + 1]) as country,
        if(is_recognised and has_consent, records.hubspot_id, null) as user_id,
        code, slug, platform, ad_id, is_whole_campaign,
        platform = 'google_ads' and mark_draw < 0.15 as is_unmarked,
        md5('click ' || session) as click_code
    from sessions
    join devices using (device)
    join channels on channels.channel = sessions.channel
    left join people on people.person = sessions.person
    left join accounts on accounts.account = people.account
    left join records on records.record = sessions.person
    left join campaigns on campaigns.campaign = sessions.campaign
    left join ads on ads.ad = sessions.ad
),
sourced as (
    select *,
        case when is_unmarked then null when channel_name = 'email' then 'hubspot'
            when platform = 'google_ads' then 'google' when platform = 'microsoft_ads' then 'bing'
            when platform = 'meta_ads' then 'facebook'
            when platform = 'linkedin_ads' then if(mark_draw < 0.05, 'LinkedIn', 'linkedin')
        end as utm_source,
        case when channel_name = 'email' then 'email'
            when platform in ('google_ads', 'microsoft_ads') then 'cpc' else 'paid_social'
        end as utm_medium,
        case platform when 'google_ads' then 'gclid=Cj0KCQ' || left(click_code, 24)
            when 'microsoft_ads' then 'msclkid=' || click_code
            when 'meta_ads' then 'fbclid=IwAR' || left(click_code, 22)
            when 'linkedin_ads' then 'li_fat_id=' || left(click_code, 16) end as click_parameter,
        ['data+warehouse', 'marketing+reporting', 'attribution+software'][session % 3 + 1] as term,
        if(mark_draw < 0.85, 'www.google.com', 'www.bing.com') as engine,
        ['www.datadigest.example', 'partners.cloudforge.example'][session % 2 + 1] as referrer_host
    from marked
)
select *,
    coalesce('?' || nullif(concat_ws('&',
        'utm_source=' || utm_source || '&utm_medium=' || utm_medium || '&utm_campaign=' || code,
        if(utm_source is null or is_whole_campaign, null, 'utm_content=' || ad_id),
        if(channel_name = 'paid_search' and utm_source is not null,
            'utm_term=' || term, null),
        click_parameter), ''), '') as query,
    case when channel_name = 'organic_search' then 'https://' || engine || '/'
        when channel_name = 'referral' then 'https://' || referrer_host || '/'
        when platform = 'google_ads' then 'https://www.google.com/'
        when platform = 'microsoft_ads' then 'https://www.bing.com/'
        when platform = 'meta_ads' then 'https://www.facebook.com/'
        when platform = 'linkedin_ads' then 'https://www.linkedin.com/' end as referrer,
    case channel_name when 'direct' then '/' when 'organic_search' then '/blog/reconciled-numbers'
        when 'referral' then '/partners' else '/lp/' || slug end as landing_path
from sourced
order by happened_at, session
"""

_SOURCE = """
case
    when utm_source is not null then concat_ws(',',
        '"manual_campaign_name":"' || code || '","manual_source":"' || utm_source
            || '","manual_medium":"' || utm_medium || '"',
        '"manual_content":"' || if(is_whole_campaign, null, ad_id) || '"',
        if(channel_name = 'paid_search',
            '"manual_term":"' || replace(term, '+', ' ') || '"', null),
        if(platform = 'google_ads', '"gclid":"' || substr(click_parameter, 7) || '"', null))
    when is_unmarked then concat_ws(',',
        if(session % 2 = 0, '"manual_campaign_name":"(organic)","manual_source":"google",'
            || '"manual_medium":"organic"', null), '"gclid":"' || substr(click_parameter, 7) || '"')
    when channel_name = 'organic_search' then '"manual_campaign_name":"(organic)",'
        || '"manual_source":"' || split_part(engine, '.', 2) || '","manual_medium":"organic"'
    when channel_name = 'referral' then '"manual_campaign_name":"(referral)",'
        || '"manual_source":"' || referrer_host || '","manual_medium":"referral"'
end
"""

_EVENTS = f"""
select
    happened_at, session, pages, has_form, utc_offset, forms.form_id,
    concat(
        '"event_params":[',
        if(visitor_id is null, null, concat(
            '{{"key":"ga_session_id","value":{{"int_value":"', happened_at,
            '"}}}},{{"key":"ga_session_number","value":{{"int_value":"', session_number,
            '"}}}},')),
        '{{"key":"page_location","value":{{"string_value":"{WEBSITE}') as params,
    concat('}},{{"key":"page_referrer","value":{{"string_value":"', referrer, '"}}') as referred,
    landing_path || query as landing,
    forms.path as form_path,
    concat(',', '"user_pseudo_id":"' || visitor_id || '",', '"user_id":"' || user_id || '",',
        '"privacy_info":{{"analytics_storage":"', if(visitor_id is null, 'No', 'Yes'),
        '"}},"device":{{"category":"', category, '"}},"geo":{{"country":"', country,
        '"}},"stream_id":"5120774411","platform":"WEB"') as visitor,
    coalesce(',"collected_traffic_source":{{' || ({_SOURCE}) || '}}', '') as traffic
from visits
join forms on forms.form = visits.form
"""

# session_start, the page views, and the form if one was sent. Only the first two know the source.
_EVENT_ROWS = """
with numbered as (
    select *, unnest(range(1 + pages + has_form::integer)) as place from slice
),
timed as (
    select *,
        case when place = 0 then 'session_start' when place <= pages then 'page_view'
            else 'generate_lead' end as name,
        happened_at + case when place <= 1 then 0 when place <= pages then (place - 1) * 25
            else 40 + pages * 25 end as seconds,
        case when place <= 1 then landing
            when place > pages then form_path
            else ['/product', '/pricing', '/customers', '/docs'][(session + place) % 4 + 1]
        end as page
    from numbered
)
select concat(
    '{"event_date":"', strftime(make_timestamp((seconds + utc_offset) * 1000000), '%Y%m%d'),
    '","event_timestamp":"', seconds * 1000000 + session % 1000000,
    '","event_name":"', name, '",', params, page, '"}',
    if(place <= 1 and referred not like '%:""}', referred, ''),
    if(name = 'generate_lead',
        '},{"key":"form_id","value":{"string_value":"' || form_id || '"}', ''),
    if(place > 1, '},{"key":"engagement_time_msec","value":{"int_value":"'
        || (4000 + session * 37 % 20000) || '"}', ''),
    '}],"event_bundle_sequence_id":"', 1000000 + session, '","batch_event_index":"', place, '"',
    visitor, if(place <= 1, traffic, ''), '}') as line
from timed
"""

EXPORTS = (Export("ga4", "events", _EVENT_ROWS, prepared=_EVENTS),)

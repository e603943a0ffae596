"""The smaller exports: webinars, the campaign plan, exchange rates and credit notes."""

from simulator.delivery import Export

_STAYS = """
select
    joined_at as happened_at, stay, code as topic,
    86000000000 + attendance.campaign * 1009 as webinar_id, 16770000 + stay as user_id,
    first_name || case when dials_in then '' else ' ' || last_name end as user_name,
    if(dials_in, null, email) as user_email, joined_at, left_at,
    if(dials_in, null, left(md5('registrant ' || person || '/' || code), 16)) as registrant_id
from attendance
join people using (person)
join campaigns on campaigns.campaign = attendance.campaign
"""
_STAY_ROWS = """
select
    webinar_id, topic, user_id, user_name, user_email, instant(joined_at) as join_time,
    instant(left_at) as leave_time, left_at - joined_at as duration, registrant_id
from slice
order by happened_at, stay
"""

_PLAN = """
select
    'CP-' || lpad((campaign + 1)::varchar, 4, '0') as campaign_id, code as name, type, channel,
    owner, region, instant(concept_at) as concept_at,
    day_of(committed_at) as committed_launch_date, day_of(starts_at) as current_launch_date,
    if(is_launched, instant(starts_at + 8 * 3600), null) as actual_launch_at,
    case when is_launched then if(campaigns.ends_at < period.ends_at, 'completed', 'live')
        else 'planned' end as status,
    budget::decimal(18, 2) as budget, 'EUR' as currency
from campaigns
cross join period
order by campaign
"""

_CODES = ("USD", "JPY", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK")
# The bank lists the latest day first; a rate that it suspended is N/A.
_RATES = f"""
select
    day_number(day) as "Date",
    {", ".join(f'"{code}"::varchar as "{code}"' for code in _CODES if code != "CZK")},
    if(day % 211 = 0, 'N/A', "CZK"::varchar) as "CZK"
from rates
order by day desc
"""

# A note that was booked wrongly is booked again below, under the same number.
_CREDIT_NOTES = """
with booked as (
    select *, first_amount as booked_amount, issued_at as booked_at from credit_notes
    union all
    select *, amount, corrected_at from credit_notes where corrected_at >= 0
)
select
    'CN-' || lpad((note + 1)::varchar, 6, '0') as credit_note_id,
    opportunities.salesforce_id as opportunity_id, booked_amount::decimal(18, 2) as amount,
    currency, day_of(issued_at) as issued_on,
    case note % 4 when 0 then 'Seats not used, agreed with ' || first_name || ' ' || last_name
        when 1 then 'Outage, asked for by ' || email when 2 then 'Contract cancelled' end as reason
from booked
join (select opportunity, account, currency, salesforce_id from opportunities) as opportunities
    using (opportunity)
join (from people where ordinal = 0) as people using (account)
order by booked_at, note
"""

EXPORTS = (
    Export("webinar", "attendance", _STAY_ROWS, prepared=_STAYS),
    Export("campaign_plan", "campaigns", _PLAN),
    Export("ecb", "exchange_rates", _RATES, ends_lines_with_comma=True),
    Export("finance", "credit_notes", _CREDIT_NOTES),
)

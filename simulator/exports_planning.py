"""The smaller exports: webinars, exchange rates, and what marketing plans."""

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

_TARGETS = """
select
    'TG-' || lpad((target + 1)::varchar, 4, '0') as target_id, kpi,
    day_of(starts_at) as period_start, day_of(ends_at - 86400) as period_end,
    channels.name as scope, value::decimal(18, 3) as target, unit, instant(set_at) as set_at,
    role as set_by
from targets
left join channels using (channel)
order by target_id
"""

_BENCHMARKS = """
select
    'BM-' || lpad((benchmark + 1)::varchar, 4, '0') as benchmark_id, code as campaign, kpi,
    value::decimal(18, 2) as benchmark, unit, instant(set_at) as set_at
from benchmarks
join campaigns using (campaign)
order by benchmark_id
"""

EXPORTS = (
    Export("webinar", "attendance", _STAY_ROWS, prepared=_STAYS),
    Export("campaign_plan", "campaigns", _PLAN),
    Export("ecb", "exchange_rates", _RATES, ends_lines_with_comma=True),
    Export("planning", "targets", _TARGETS),
    Export("planning", "benchmarks", _BENCHMARKS),
)

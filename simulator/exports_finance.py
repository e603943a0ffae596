"""The finance department's exports: invoices and credit notes, and the sheets kept by hand."""

from simulator.delivery import Export

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

# An invoice that was made out wrongly is booked again below, too.
_INVOICES = """
with booked as (
    select *, first_amount as booked_amount, 0 as booking from invoices
    union all
    select *, amount, 1 from invoices where first_amount <> amount
)
select
    'IN-' || lpad((invoice + 1)::varchar, 6, '0') as invoice_id,
    accounts.salesforce_id as account_id, opportunities.salesforce_id as opportunity_id,
    day_number(starts_on) as period_start, day_number(ends_on) as period_end,
    booked_amount::decimal(18, 2) as amount, booked.currency, booked.kind
from booked
join accounts using (account)
left join opportunities using (opportunity)
order by booking, invoice
"""

_COSTS = """
select
    'CO-' || lpad((cost + 1)::varchar, 6, '0') as cost_id, day_number(month_on) as month, category,
    team, channels.name as channel, code as campaign, costs.amount::decimal(18, 2) as amount,
    currency,
    case category when 'people' then 'Salaries, from payroll'
        when 'agency' then 'Retainer, approved by Jana Brandt'
        when 'other' then 'Receipts are with Marek Nowak' end as note
from costs
left join channels on channels.channel = costs.channel
left join campaigns on campaigns.campaign = costs.campaign
order by cost
"""

_MARGINS = """
select 'all' as product_line, valid_from, share::decimal(18, 6) as share from margins
order by valid_from
"""

EXPORTS = (
    Export("finance", "credit_notes", _CREDIT_NOTES),
    Export("finance", "invoices", _INVOICES),
    Export("finance", "costs", _COSTS),
    Export("finance", "margins", _MARGINS),
)

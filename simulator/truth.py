"""What really happened: who is who, what caused what, and what each channel is worth.

None of this is known to the warehouse; it is what its identities and its attribution are held
against. Times are UTC, money is in EUR where the name says so.
"""

import json
from dataclasses import asdict
from pathlib import Path

import duckdb
import numpy as np

from ingest.privacy import quoted
from simulator.company import CHANNELS
from simulator.renewals import CHURN_ALPHA, CHURN_BETA
from simulator.simulation import Company
from simulator.staging import create_table

_TABLES = {
    "accounts": """
        select account as account_id, name, domain, region_name as region, currency, size,
            hubspot_id::varchar as hubspot_company_id,
            if(account_created_at >= 0, salesforce_id, null) as salesforce_account_id
        from accounts order by account
    """,
    "people": """
        select person as person_id, account as account_id, first_name, last_name, email,
            make_timestamp(created_at * 1000000) as known_at
        from people order by person
    """,
    # a shared mailbox is nobody's: its person_id is null; strangers' visitor ids are left out
    "identities": """
        select nullif(person, -1) as person_id, 'hubspot_contact' as kind,
            hubspot_id::varchar as value from records
        union all
        select distinct nullif(person, -1), 'email', email from records
        union all
        select person, 'salesforce_lead', lead_id from people where lead_created_at >= 0
        union all
        select person, 'salesforce_lead', lead_double_id from people
        where lead_created_at >= 0 and person % 97 = 0
        union all
        select person, 'salesforce_contact', contact_id from people where contact_created_at >= 0
        union all
        select person, 'salesforce_contact', contact_double_id from people
        where contact_created_at >= 0 and person % 131 = 0
        union all
        select distinct person, 'visitor', visitor_id from visits
        where visitor_id is not null and person >= 0
        order by kind, value, person_id
    """,
    "touchpoints": """
        with web as (
            select touch, visitor_id || '/' || happened_at as web_record
            from visits where touch >= 0
        ),
        clicks as (
            select person, happening, mail_event_id(send, 'CLICK', 0) as click_record
            from sends where clicked_at >= 0
        ),
        rooms as (
            select touch, min(16770000 + stay)::varchar as room_record from attendance group by all
        ),
        guests as (select touch, salesforce_id as guest_record from members where touch >= 0)
        select
            number as touchpoint_id, touches.person as person_id, touches.account as account_id,
            channels.name as channel, make_timestamp(touches.happened_at * 1000000) as occurred_at,
            campaigns.code as campaign,
            case when touches.task >= 0 then 'salesforce_task'
                when touches.meeting >= 0 then 'hubspot_meeting'
                when click_record is not null then 'hubspot_email_event'
                when room_record is not null then 'webinar'
                when guest_record is not null then 'salesforce_campaign_member'
                when web_record is not null then 'ga4' end as record_kind,
            coalesce(tasks.salesforce_id,
                if(touches.meeting >= 0,
                    (9100000000 + touches.meeting * 17)::bigint::varchar, null),
                click_record, room_record, guest_record, web_record) as record_id
        from touches
        join channels using (channel)
        left join campaigns on campaigns.campaign = touches.campaign
        left join tasks on tasks.task = touches.task
        left join clicks on clicks.person = touches.person
            and clicks.happening = touches.happening
        left join web on web.touch = touches.number
        left join rooms on rooms.touch = touches.number
        left join guests on guests.touch = touches.number
        order by number
    """,
    "opportunities": """
        select
            opportunities.salesforce_id as opportunity_id, account as account_id,
            if(kind = 0, 'first', 'expansion') as kind,
            make_timestamp(opened_at * 1000000) as opened_at,
            if(is_closed, make_timestamp(closes_at * 1000000), null) as closed_at, is_closed,
            is_won, amount::decimal(18, 2) as amount, currency,
            amount_eur::decimal(18, 2) as amount_eur
        from opportunities order by opportunity
    """,
    # what was given back in the end, in the opportunity's currency
    "refunds": """
        select
            'CN-' || lpad((note + 1)::varchar, 6, '0') as refund_id,
            opportunities.salesforce_id as opportunity_id,
            credit_notes.amount::decimal(18, 2) as amount, currency,
            day_of(issued_at) as refunded_date, is_full
        from credit_notes
        join opportunities using (opportunity)
        order by note
    """,
    # each year a customer leaves with a probability of its own; years run as if nothing were
    # given back, and the ones after the period are drawn too
    "customers": """
        select
            account as account_id, accounts.salesforce_id as salesforce_account_id,
            day_number(starts_on) as started_date, churn_probability, years,
            yearly_amount::decimal(18, 2) as yearly_amount, customers.currency, is_cancelled
        from customers join accounts using (account) order by account
    """,
    # what was billed in the end
    "invoices": """
        select
            'IN-' || lpad((invoice + 1)::varchar, 6, '0') as invoice_id, account as account_id,
            opportunities.salesforce_id as opportunity_id, invoices.kind,
            day_number(starts_on) as period_start, day_number(ends_on) as period_end,
            invoices.amount::decimal(18, 2) as amount, invoices.currency
        from invoices left join (from opportunities select opportunity, salesforce_id)
            as opportunities using (opportunity)
        order by invoice
    """,
    "costs": """
        select
            'CO-' || lpad((cost + 1)::varchar, 6, '0') as cost_id, day_number(month_on) as month,
            category, team, channels.name as channel, code as campaign,
            costs.amount::decimal(18, 2) as amount, currency
        from costs
        left join channels on channels.channel = costs.channel
        left join campaigns on campaigns.campaign = costs.campaign
        order by cost
    """,
    "targets": """
        select
            'TG-' || lpad((target + 1)::varchar, 4, '0') as target_id, kpi,
            channels.name as channel, day_of(starts_at) as period_start,
            value::decimal(18, 3) as target_value, make_timestamp(set_at * 1000000) as set_at,
            set_at = max(set_at) over (partition by kpi, channel, starts_at) as counts
        from targets left join channels using (channel) order by target_id
    """,
    "benchmarks": """
        select
            'BM-' || lpad((benchmark + 1)::varchar, 4, '0') as benchmark_id, code as campaign, kpi,
            value::decimal(18, 2) as benchmark_value, is_late
        from benchmarks join campaigns using (campaign) order by benchmark_id
    """,
    "buying_groups": """
        select opportunities.salesforce_id as opportunity_id, person as person_id
        from opportunities join people using (account) order by opportunity, person
    """,
    "causes": """
        select opportunities.salesforce_id as opportunity_id, number as touchpoint_id,
            channels.name as channel, opening_push, winning_push
        from pushes
        join opportunities using (account)
        join channels using (channel)
        where kind = 0 and opening_push + winning_push > 0
        order by opportunity, number
    """,
    "channel_effects": "select * from effects",
}


def write_truth(
    connection: duckdb.DuckDBPyConnection, company: Company, folder: Path, facts: dict[str, object]
) -> None:
    """Write a Parquet file per table of the truth, and ``company.json`` with the parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    touches = company.frames["touches"]
    touches = touches.assign(number=np.arange(len(touches)))
    outcomes = company.outcomes
    encounters = touches.iloc[: len(outcomes.opening_push)][["number", "account", "channel"]]
    for name, frame in (
        ("touches", touches.fillna({"task": -1, "meeting": -1})),
        ("pushes", encounters.assign(
            opening_push=outcomes.opening_push, winning_push=outcomes.winning_push)),
        ("effects", company.effects),
    ):  # fmt: skip
        create_table(connection, name, frame)
    for name, query in _TABLES.items():
        path = quoted(str(folder / f"{name}.parquet"))
        connection.execute(f"copy ({query}) to {path} (format parquet)")
    text = json.dumps({**facts, **_summary(company)}, indent=2)
    (folder / "company.json").write_text(text + "\n", encoding="utf-8")


def _summary(company: Company) -> dict[str, object]:
    opportunities = company.frames["opportunities"]
    won = opportunities[opportunities["is_won"]]
    return {
        "accounts": len(company.frames["accounts"]),
        "opportunities": len(opportunities),
        "won": len(won),
        "won_revenue_eur": round(float(won["amount_eur"].sum()), 2),
        "touchpoints": len(company.frames["touches"]),
        "yearly_churn": {"alpha": CHURN_ALPHA, "beta": CHURN_BETA},
        "channels": [asdict(channel) for channel in CHANNELS],
    }

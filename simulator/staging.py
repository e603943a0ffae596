"""The simulated company as DuckDB tables, with the numbers and ids that the vendors give."""

import duckdb
import numpy as np
import pandas as pd

from simulator.company import AD_ACCOUNTS, CHANNELS, NEVER, PROPERTY_ZONE
from simulator.delivery import MACROS
from simulator.exports_web import VISITS
from simulator.period import utc_offsets
from simulator.salesforce_ids import salesforce_ids
from simulator.simulation import Company

_OWNERS = 12
_COPIES = 40_000_000
_HUBSPOT_SOURCES = {
    "organic_search": "ORGANIC_SEARCH",
    "paid_search": "PAID_SEARCH",
    "brand_search": "PAID_SEARCH",
    "performance_max": "PAID_SEARCH",
    "paid_social": "PAID_SOCIAL",
    "retargeting": "PAID_SOCIAL",
    "referral": "REFERRALS",
    "email": "EMAIL_MARKETING",
    "direct": "DIRECT_TRAFFIC",
}
# What people pick in the CRM: coarser than the truth, and sometimes plainly wrong.
_CRM_SOURCES = {
    "organic_search": "Web",
    "direct": "Web",
    "paid_search": "Advertisement",
    "brand_search": "Web",
    "paid_social": "Advertisement",
    "referral": "Partner",
    "webinar": "Webinar",
    "event": "Trade Show",
}
_FORMS = (
    ("Request a demo", "/demo"),
    ("Download the guide", "/resources/guide"),
    ("Subscribe to the newsletter", "/newsletter"),
    ("Contact us", "/contact"),
)

_SOURCES = """
create temp table sources as
select person, channels.crm_source, campaign
from (
    select person, arg_min(channel, happened_at) as channel,
        arg_min(campaign, happened_at) as campaign
    from touches group by all
)
join channels using (channel)
"""


def stage(connection: duckdb.DuckDBPyConnection, company: Company) -> None:
    """Create a table per frame of the company, and those that several exports share."""
    connection.execute(MACROS)
    for name, frame in {**company.frames, **_identified(company)}.items():
        create_table(connection, name, frame)
    create_table(connection, "channels", _channels())
    create_table(connection, "forms", _forms())
    create_table(connection, "ad_accounts", pd.DataFrame(AD_ACCOUNTS).reset_index(names="number"))
    create_table(connection, "users", _numbered("user", _OWNERS))
    create_table(connection, "period", pd.DataFrame({"ends_at": [company.period.end]}))
    connection.execute(_SOURCES)
    connection.execute(VISITS)


def create_table(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Create a table of the frame's rows, in order; what stood under the name is replaced."""
    # an empty column of text looks like one of anything
    text = [name for name in frame if pd.api.types.is_object_dtype(frame[name])]
    connection.register("frame", frame.astype(dict.fromkeys(text, "str")))
    connection.execute(f"create or replace temp table {name} as select * from frame")
    connection.unregister("frame")


def _identified(company: Company) -> dict[str, pd.DataFrame]:
    """Return the frames whose rows are records somewhere, with their ids there."""
    frames = company.frames
    people, opportunities = frames["people"], frames["opportunities"]
    sessions, sends = frames["sessions"], frames["sends"]
    return {
        "accounts": _accounts(frames),
        "people": people.assign(
            lead_id=salesforce_ids("lead", people["person"]),
            lead_double_id=salesforce_ids("lead", people["person"] + _COPIES),
            contact_id=salesforce_ids("contact", people["person"]),
            contact_double_id=salesforce_ids("contact", people["person"] + _COPIES),
        ),
        "opportunities": opportunities.assign(
            salesforce_id=salesforce_ids("opportunity", opportunities["opportunity"]),
            double_id=salesforce_ids("opportunity", opportunities["opportunity"] + _COPIES),
        ),
        "changes": _with_ids(frames["changes"], "opportunity_history", "change"),
        "roles": _with_ids(frames["roles"], "opportunity_contact_role", "role_number"),
        "campaigns": _with_ids(frames["campaigns"], "campaign", "campaign"),
        "members": _with_ids(frames["members"], "campaign_member", "member"),
        "tasks": _with_ids(frames["tasks"], "task", "task"),
        "sends": sends.assign(send=np.arange(len(sends))),
        "ads": frames["ads"].rename(columns={"number": "ad_number"}),
        "sessions": sessions.assign(utc_offset=utc_offsets(sessions["happened_at"], PROPERTY_ZONE)),
    }


def _accounts(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """An account is in Salesforce from its first contact or opportunity on."""
    accounts, people = frames["accounts"], frames["people"]
    contacts = people[people["contact_created_at"] > NEVER]
    created = pd.concat(
        [
            contacts.set_index("account")["contact_created_at"],
            frames["opportunities"].set_index("account")["opened_at"],
        ]
    )
    first = created.groupby(level=0).min().reindex(accounts["account"]).fillna(NEVER)
    return accounts.assign(
        salesforce_id=salesforce_ids("account", accounts["account"]),
        double_id=salesforce_ids("account", accounts["account"] + _COPIES),
        hubspot_id=7_800_000_113 + accounts["account"] * 41,
        account_created_at=first.to_numpy().astype(np.int64),
    )


def _with_ids(frame: pd.DataFrame, kind: str, number: str) -> pd.DataFrame:
    # a record keeps the number by which others refer to it
    numbers = frame[number].to_numpy() if number in frame else np.arange(len(frame))
    return frame.assign(**{number: numbers, "salesforce_id": salesforce_ids(kind, numbers)})


def _numbered(kind: str, count: int) -> pd.DataFrame:
    numbers = np.arange(count)
    return pd.DataFrame({"number": numbers, "salesforce_id": salesforce_ids(kind, numbers)})


def _channels() -> pd.DataFrame:
    names = [channel.name for channel in CHANNELS]
    return pd.DataFrame(
        {
            "channel": range(len(names)),
            "name": names,
            "hubspot_source": [_HUBSPOT_SOURCES.get(name, "OFFLINE") for name in names],
            "crm_source": [_CRM_SOURCES.get(name, "Other") for name in names],
        }
    )


def _forms() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (number, f"5f0c{number}d1e-7b4a-4c11-9a55-2f1d0c8e6b{number}0", title, path)
            for number, (title, path) in enumerate(_FORMS)
        ],
        columns=["form", "form_id", "title", "path"],
    )

"""Who is forgotten is nowhere on the disk any more, and no total changes."""

import gzip
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.contract import load_contracts
from ingest.landing import sight, unknown
from ingest.loading import add_incoming, load_incoming
from ingest.registering import register
from ingest.warehouse import Warehouse
from tests.support.canaries import FIRST_NAME, LAST_NAME, LOCAL_PART, PHONE, files, hits, tables
from tests.support.exports import csv_of, put
from tests.support.project import Project, in_place

# Somebody of the sample company who is in twelve of its files and in the CRM's won business.
LOCAL, FIRST, LAST = "daniel.clark", "Daniel", "Clark"
EMAIL = f"{LOCAL_PART}@juniper-pharma.example"
CONTACT = {
    "hs_object_id": "97",
    "email": EMAIL.upper(),
    "firstname": FIRST_NAME,
    "lastname": LAST_NAME,
    "phone": PHONE,
    "jobtitle": f"Head of {EMAIL}",
    "createdate": "2026-01-01T00:00:00Z",
    "lastmodifieddate": "2026-01-02T00:00:00Z",
    "archived": "false",
    "Note": f"{FIRST_NAME} {LAST_NAME}, {PHONE}",  # no contract knows it
}
ATTENDANCE = {
    "webinar_id": "86",
    "topic": "2026-q3-webinar",
    "user_id": "77",
    "user_name": f"{FIRST_NAME} {LAST_NAME}",
    "user_email": EMAIL,
    "join_time": "2026-08-14T07:00:00Z",
    "duration": "60",
}
LEAD = {"Id": "00Q", "Email": EMAIL, "FirstName": FIRST_NAME, "LastName": LAST_NAME, "Phone": PHONE}
EVENT = {
    "event_date": "20260701",
    "event_timestamp": "1782898711001444",
    "event_name": "page_view",
    "event_bundle_sequence_id": "77",
    "event_params": [
        {"key": "page_location", "value": {"string_value": f"https://x.example/?e={EMAIL}"}}
    ],
    "user_properties": [{"key": "name", "value": {"string_value": LAST_NAME}}],
}
RESENT, CORRECTED = "hubspot/contacts_again.csv.gz", "hubspot/contacts_corrected.csv"

# Every figure that readers see; ids that are made of the address are left out.
TOTALS = (
    "select * from attribution_by_channel",
    "select * from channel_daily",
    "select * from funnel_by_cohort",
    "select * exclude (last_loaded_at) from data_trust",
    "select * from accounts",
    "select * from opportunities",
    "select account_id, count(*), count(distinct person_id) from touchpoints group by all",
    # a person's id may be made of the address, and then changes with it
    """
    select * exclude (touchpoint_id) replace (case when conversion_type in
        ('opportunity_created', 'closed_won') then conversion_id end as conversion_id)
    from attribution_touchpoints
    """,
)


def rename_somebody(project: Project) -> None:
    """Give one person of the sample company the canary's address and names."""
    address = re.compile(re.escape(LOCAL) + r"(?=@juniper-pharma)", re.IGNORECASE)
    for path in project.landing.rglob("*.csv"):
        lines = path.read_text(encoding="utf-8").split("\n")
        for at, line in enumerate(lines):
            if address.search(line):
                named = line.replace(f",{FIRST},", f",{FIRST_NAME},")
                lines[at] = address.sub(LOCAL_PART, named.replace(f",{LAST},", f",{LAST_NAME},"))
        path.write_text("\n".join(lines), encoding="utf-8")


def plant(project: Project) -> None:
    """Put the person into a bad row, an archive, UTF-16, a refused file and odd places."""
    bad = CONTACT | {"hs_object_id": "99", "createdate": "soon"}
    good = [CONTACT | {"hs_object_id": f"98{number}"} for number in range(12)]
    text = csv_of(project, "hubspot/contacts", *good, bad)
    (project.landing / "hubspot/contacts_canary.csv.gz").write_bytes(gzip.compress(text.encode()))
    attendance = csv_of(project, "webinar/attendance", ATTENDANCE)
    path = project.landing / f"webinar/attendance_of {EMAIL}.csv"
    path.write_text(attendance, encoding="utf-16")
    put(
        project,
        "salesforce/Lead_headless.csv",
        csv_of(project, "salesforce/Lead", LEAD, LEAD, header="none"),
    )
    lines = [json.dumps(EVENT | {"batch_event_index": str(number)}) for number in range(12)]
    put(project, "ga4/events_canary.jsonl", "\n".join([*lines, lines[0][:-9]]))


def found(project: Project, printed: str) -> list[str]:
    """Return where the person still is: on the console, in any byte of any file, in any table."""
    home = project.home
    databases = [home / f"{name}.duckdb" for name in ("warehouse", "state", "vault")]
    target = project.root / "dbt_project" / "target"
    named = [
        ("the console", printed.encode()),
        *files([home, project.landing, target], [home / "hmac.key"]),
        *(
            (path.name, gzip.decompress(path.read_bytes()))
            for folder in (home, project.landing)
            for path in folder.rglob("*.gz")
        ),
        *tables([*databases, project.current.resolve()]),
    ]
    return [hit for hit in hits(named, home / "hmac.key") if "key of the hashes" not in hit]


def totals(project: Project) -> list[list[tuple]]:
    return [project.query(f"from ({sql}) order by all") for sql in TOTALS]


def offer_again(project: Project) -> dict[str, int]:
    """Enter and load what is new in the landing folder, the way a run does."""
    warehouse, contracts = Warehouse(project.home, project.landing), load_contracts()
    with warehouse.writer() as connection:
        new = unknown(connection, sight(project.landing, contracts))
        entered = register(warehouse, connection, new)
        for contract in contracts:
            for table in contract.tables:
                add_incoming(connection, load_incoming(warehouse, connection, contract, table))
    return entered


def test_who_is_forgotten_is_nowhere_and_no_total_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = in_place(tmp_path)
    project.run("generate", str(tmp_path), "--seed", "11", "--contacts", "300", "--days", "600")
    shutil.rmtree(tmp_path / "truth")
    rename_somebody(project)
    plant(project)
    project.run("run")
    before, first = totals(project), project.current.resolve()
    sent = (project.landing / "hubspot/contacts_canary.csv.gz").read_bytes()
    assert {hit.rpartition(": ")[2] for hit in found(project, "")} == {"e-mail", "name", "phone"}
    put(project, "hubspot/notes.txt", f"Ask {EMAIL}")

    monkeypatch.setenv("SCALEHOUSE_FAULT", "kill@erasure.ledger_updated#3")
    project.run("forget", "--email", EMAIL, "--yes", expect=-9)
    monkeypatch.delenv("SCALEHOUSE_FAULT")
    printed = project.run("forget", "--email", EMAIL.upper(), "--yes", expect=1)
    assert "still there: hubspot/notes.txt" in printed
    (project.landing / "hubspot/notes.txt").unlink()

    assert found(project, printed) == []
    assert totals(project) == before
    assert not first.exists()
    assert project.run("run").startswith("nothing new")

    (project.landing / RESENT).write_bytes(sent)
    put(project, CORRECTED, csv_of(project, "hubspot/contacts", CONTACT))
    assert offer_again(project) == {"duplicate": 1, "pending": 1}
    assert found(project, "") == []
    with duckdb.connect(str(project.home / "warehouse.duckdb"), read_only=True) as connection:
        persons = connection.execute(
            "select count(distinct email_hash) from raw.hubspot__contacts "
            "where hs_object_id in ('97', '980')"
        ).fetchall()
    assert persons == [(1,)]

"""Nothing personal and no secret gets anywhere but into the vault and the store."""

import json

import pytest

from tests.support.canaries import (
    EMAIL,
    FIRST_NAME,
    IP,
    LAST_NAME,
    LOCAL_PART,
    PHONE,
    SECRET,
    files,
    hits,
    tables,
)
from tests.support.exports import csv_of, put
from tests.support.project import Project

ENCODED = EMAIL.replace("@", "%40")
PERSON = {"Email": EMAIL, "FirstName": FIRST_NAME, "LastName": LAST_NAME, "Phone": PHONE}
CONTACT = {
    "email": EMAIL.upper(),
    "firstname": FIRST_NAME,
    "lastname": LAST_NAME,
    "phone": PHONE,
    "jobtitle": f"Head of {EMAIL}",
    "lastmodifieddate": "2026-01-02T00:00:00Z",
    "archived": "false",
    # columns that no contract knows
    "Last IP": IP,
    "Note": f"{FIRST_NAME} {LAST_NAME}, {PHONE}",
    EMAIL: "1",
}
ATTENDANCE = {
    "webinar_id": "86",
    "topic": "2026-q3-webinar",
    "user_name": f"{FIRST_NAME} {LAST_NAME}",
    "user_email": EMAIL,
    "join_time": "2026-08-14T07:00:00Z",
}
TASK = {
    "Id": "00T",
    "Subject": f"{FIRST_NAME}, {PHONE}, {IP}",
    "IsClosed": "true",
    "OwnerId": "005",
    "CreatedDate": "2026-07-01T00:00:00Z",
    "SystemModstamp": "2026-07-01T00:00:00Z",
    "IsDeleted": "false",
}
PAGE = (
    f"https://{LOCAL_PART}:x@site.example/of/{ENCODED}/page"
    f"?email={EMAIL}&utm_content={ENCODED}&utm_term={EMAIL}#{PHONE}"
)
EVENT = {
    "event_date": "20260701",
    "event_timestamp": "1782898711001444",
    "event_name": "page_view",
    "event_bundle_sequence_id": "77",
    "user_id": EMAIL,
    "collected_traffic_source": {"manual_term": EMAIL, "manual_source": f"to {EMAIL}"},
    "event_params": [{"key": "page_location", "value": {"string_value": PAGE}}],
    "user_properties": [{"key": "ip", "value": {"string_value": IP}}],
}

# One table's step fails the way a bug would: DuckDB's error quotes a value.
CRASH = f"""
from ingest import incoming
sound = incoming.make_pseudonyms
def crash(connection, table):
    if table.name == "companies":
        connection.execute("select cast('{EMAIL} {FIRST_NAME} {PHONE} {IP}' as bigint)")
    sound(connection, table)
incoming.make_pseudonyms = crash
from orchestration.cli import app
app(["run"])
"""


def plant_loadable_rows(project: Project) -> None:
    """Good rows, bad ones, unknown columns, and addresses where no contract expects them."""
    good = [
        CONTACT | {"hs_object_id": f"9{number}", "createdate": "2026-01-01T00:00:00Z"}
        for number in range(12)
    ]
    bad = CONTACT | {"hs_object_id": "99", "createdate": PHONE}
    put(project, "hubspot/contacts_canary.csv", csv_of(project, "hubspot/contacts", *good, bad))
    lines = [json.dumps(EVENT | {"batch_event_index": str(number)}) for number in range(12)]
    cut = lines[0][: lines[0].index(IP) + len(IP)]
    put(project, "ga4/events_canary.jsonl", "\n".join([*lines, cut]))
    put(
        project,
        f"webinar/attendance_of {EMAIL}.csv",
        csv_of(project, "webinar/attendance", ATTENDANCE | {"user_id": "77", "duration": "60"}),
    )


def plant_refused_files(project: Project) -> None:
    """A file without its header, one that lacks columns, one of bad rows, one for nobody."""
    lead = PERSON | {"Id": "00Q", "Company": "Nest", "Title": IP}
    put(
        project,
        "salesforce/Lead_headless.csv",
        csv_of(project, "salesforce/Lead", lead, lead, header="none"),
    )
    put(
        project,
        "salesforce/Contact_short.csv",
        f"Id,AccountId,Email,FirstName,LastName,{EMAIL},{PHONE},{IP}\n0035,,,,,,,\n",
    )
    put(
        project,
        "hubspot/meetings_canary.csv",
        csv_of(project, "hubspot/meetings", {"hs_object_id": "1", "hs_createdate": EMAIL})
        + f'2,{EMAIL},{PHONE},"{FIRST_NAME} {LAST_NAME},{IP},,,,,,\n',
    )
    put(project, f"hubspot/Notes on {EMAIL}.txt", EMAIL)


def plant_held_files(project: Project) -> None:
    """Rows that break critical expectations, and the table whose step will crash."""
    bad = ATTENDANCE | {"user_id": "78", "duration": "-60"}
    put(project, "webinar/attendance_held.csv", csv_of(project, "webinar/attendance", bad))
    put(project, "salesforce/Task_twice.csv", csv_of(project, "salesforce/Task", TASK, TASK))
    put(
        project,
        "hubspot/companies_canary.csv",
        csv_of(project, "hubspot/companies", {"hs_object_id": "1", "name": EMAIL}),
    )


def searched(project: Project, printed: str) -> list[str]:
    """Search all that the project wrote, but for landing folder, vault, store and key."""
    home = project.home
    leave_out = [home / "vault.duckdb", home / "store", home / "hmac.key"]
    folders = [home, project.root / "dbt_project" / "target"]
    databases = [home / "warehouse.duckdb", home / "state.duckdb", project.current.resolve()]
    return hits(
        [("the console", printed.encode()), *files(folders, leave_out), *tables(databases)],
        home / "hmac.key",
    )


def test_no_canary_leaves_the_vault(own_company: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALEHOUSE_WAREHOUSE_PASSWORD", SECRET)
    monkeypatch.setenv("DBT_ENV_SECRET_TOKEN", SECRET)
    plant_loadable_rows(own_company)
    plant_refused_files(own_company)
    printed = own_company.run("run")
    told = own_company.run("status")
    assert told.count("refused ") == 3

    plant_held_files(own_company)
    printed += told + own_company.python("-c", CRASH, expect=1)
    told = own_company.run("status", expect=1)
    assert told.count("held ") == 2
    printed += told + own_company.run("docs")
    assert "Could not convert string withheld to INT64" in printed
    assert EMAIL.encode() in (own_company.home / "vault.duckdb").read_bytes()
    assert searched(own_company, printed) == []

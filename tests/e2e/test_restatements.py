"""What changes a closed month shows up under its own name, and the causes add up to the cent."""

import csv
import io
from pathlib import Path

import duckdb
import pytest

from tests.support import crm
from tests.support.project import Project, copied

LATER = "2026-11-01"
STAMP = f"{LATER}T00:00:00.000Z"
MODEL = "linear"

# won opportunities of closed months whose group the contact roles name, with a journey
WON = """
    select opportunities.opportunity_id, currency, close_date, amount,
        min(person_id) as person_id
    from opportunities join buying_groups using (opportunity_id)
    where is_won and amount > 0 and credit_notes_reporting = 0
        and buying_groups.rung = 'contact_role' and close_date < date '2026-09-01'
        and opportunity_id in (
            select opportunity_id from attribution_by_opportunity
            where attribution_model = 'linear' and conversion_type = 'closed_won'
                and channel <> 'unattributed'
        )
    group by all order by opportunity_id
"""
# people without an opportunity, of whom HubSpot knows exactly one contact, in touch since a day
STRANGERS = """
    select record_id from person_records
    where record_type = 'contact' and source_system = 'hubspot' and not has_role_address
        and person_id not in (select person_id from buying_groups)
        and person_id in (
            select person_id from touchpoints
            where not is_sales and not is_impression_or_open
                and occurred_date between date '{day}' - 200 and date '{day}' - 1
        )
    order by record_id
"""


def deliver(project: Project, table: str, rows: list[dict[str, str]]) -> None:
    """Write rows as a later export of the table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (project.landing / table.replace("*", LATER)).write_text(text.getvalue())


def row(project: Project, table: str, key: str, value: str) -> dict[str, str]:
    return next(row for row in crm.read(project.landing, table) if row[key] == value)


def causes(project: Project, since: int) -> dict[str, set[str]]:
    """Return the causes of the changes after restatement ``since``, by opportunity."""
    with duckdb.connect(str(project.home / "state.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select split_part(conversion_id, ':', 2), list(distinct cause) "
            "from attribution_changes where restatement > ? and attribution_model = ? "
            "and conversion_type = 'closed_won' and cause <> 'rounding' group by 1",
            [since, MODEL],
        ).fetchall()
    return {opportunity: set(found) for opportunity, found in rows}


def reported(project: Project, until: int) -> set[tuple]:
    """Return each closed month's credits as they were reported with restatement ``until``."""
    return set(
        project.query(
            f"""
            select report_month, conversion_type, attribution_model, channel,
                sum(credit_change) as booked_credit
            from attribution_restatements where restatement <= {until}
            group by all having booked_credit <> 0
            """
        )
    )


def credited(project: Project) -> set[tuple]:
    """Return the same of what is published now."""
    return set(
        project.query(
            """
            select report_month, conversion_type, attribution_model, channel,
                sum(booked_credit) as booked_credit
            from attribution_by_channel
            where report_month < (select max(report_month) from attribution_by_channel)
            group by all having booked_credit <> 0
            """
        )
    )


@pytest.fixture
def restated(own_company: Project) -> dict[str, str]:
    """Change one thing in each of three won opportunities, and the dollar of a fourth."""
    won = own_company.query(WON)
    [dollars, *_] = [each for each in won if each[1] == "USD"]
    touched, merged, edited, *_ = [each for each in won if each[1] == "EUR"]

    role = row(own_company, "salesforce/OpportunityContactRole_*.csv", "OpportunityId", touched[0])
    member = next(crm.read(own_company.landing, "salesforce/CampaignMember_*.csv"))
    deliver(own_company, "salesforce/CampaignMember_*.csv", [member | {
        "Id": "00v5g0000LATETOUCH", "LeadId": "", "ContactId": role["ContactId"],
        "Status": "Attended", "HasResponded": "true",
        "FirstRespondedDate": str(touched[2].replace(day=1)), "SystemModstamp": STAMP,
    }])  # fmt: skip

    [[survivor], *_] = own_company.query(
        "select record_id from person_records where source_system = 'hubspot' "
        f"and not is_deleted and person_id = '{merged[4]}' order by 1"
    )
    [[stranger], *_] = own_company.query(STRANGERS.format(day=merged[2]))
    contact = row(own_company, "hubspot/contacts_*.csv", "hs_object_id", survivor)
    deliver(own_company, "hubspot/contacts_*.csv", [
        contact | {"hs_merged_object_ids": stranger, "lastmodifieddate": STAMP}
    ])  # fmt: skip

    opportunity = row(own_company, "salesforce/Opportunity_*.csv", "Id", edited[0])
    deliver(own_company, "salesforce/Opportunity_*.csv", [
        opportunity | {"Amount": f"{edited[3] + 1000}", "SystemModstamp": STAMP}
    ])  # fmt: skip

    rates = list(crm.read(own_company.landing, "ecb/*.csv"))
    day = max(rate["Date"] for rate in rates if rate["Date"] <= str(dollars[2]))
    deliver(own_company, "ecb/eurofxref-hist_*.csv", [
        rate | ({"USD": "1.5"} if rate["Date"] == day else {}) for rate in rates
    ])  # fmt: skip
    return {"late_touchpoint": touched[0], "merge_or_stitching": merged[0],
            "amount_edit": edited[0], "exchange_rate": dollars[0]}  # fmt: skip


def test_c27_each_change_is_restated_under_its_own_name_and_all_add_up(
    own_company: Project, restated: dict[str, str], tmp_path: Path
) -> None:
    before = credited(own_company)
    own_company.run("run")
    found = causes(own_company, since=1)
    assert {cause: found[opportunity] for cause, opportunity in restated.items()} == {
        cause: {cause} for cause in restated
    }
    assert reported(own_company, until=1) == before
    assert reported(own_company, until=2) == credited(own_company)

    # another version of the model is another restatement
    project = copied(tmp_path / "changed")
    models = project.root / "seeds" / "attribution_models.csv"
    [linear] = [line for line in models.read_text().splitlines() if "linear,1,closed_won" in line]
    newer = linear.replace("linear,1,", "linear,2,").replace(",0,0,0,0,0,1,", ",0.5,0,0,0,0.5,0,")
    models.write_text(f"{models.read_text()}{newer}\n")
    changed = Project(root=project.root, home=own_company.home, landing=own_company.landing)
    changed.run("run")
    assert set().union(*causes(changed, since=2).values()) == {"model_version"}
    assert reported(changed, until=1) == before
    assert reported(changed, until=3) == credited(changed)


def test_a_refit_is_a_new_version_that_restates_the_months_after_it(own_company: Project) -> None:
    fits = "select fit_version, count(*) from channel_weights where fit_month = '{}' group by 1"
    [(month,)] = own_company.query("select strftime(max(fit_month), '%Y-%m') from channel_weights")
    assert "has no frozen weights" in own_company.run(
        "refit", "1999-01", "--reason", "a test", expect=2
    )
    own_company.run("refit", month, "--reason", "a test")
    own_company.run("run")
    versions = dict(own_company.query(fits.format(f"{month}-01")))
    assert versions.keys() == {1, 2}
    assert versions[1] == versions[2]

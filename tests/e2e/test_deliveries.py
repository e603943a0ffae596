"""What counts when a key is delivered again: its highest version, and an event once."""

import csv
import io
from decimal import Decimal

from tests.support.project import Project


def rewritten(project: Project, source: str, target: str, rows: list[dict[str, str]]) -> None:
    """Write ``rows`` under the header of the landing file ``source``."""
    with (project.landing / source).open(newline="") as file:
        header = csv.DictReader(file).fieldnames or []
    text = io.StringIO()
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows(rows)
    (project.landing / target).write_text(text.getvalue())


def test_the_highest_version_counts_and_an_event_counts_once(own_company: Project) -> None:
    [opportunities] = [
        path.relative_to(own_company.landing).as_posix()
        for path in own_company.landing.glob("salesforce/Opportunity_*.csv")
    ]
    with (own_company.landing / opportunities).open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["IsDeleted"].lower() == "false")
    # the newer version comes first, an older one after it
    for name, version, amount in (("1", "2026-12-02", "111.00"), ("2", "2026-12-01", "222.00")):
        change = {"SystemModstamp": f"{version}T00:00:00.000Z", "Amount": amount}
        rewritten(
            own_company,
            opportunities,
            f"salesforce/Opportunity_2026-12-0{name}.csv",
            [row | change],
        )
    events = max(own_company.landing.glob("hubspot/email_events_*.csv"))
    with events.open(newline="") as file:
        sent_again = list(csv.DictReader(file))[::-1]
    rewritten(
        own_company,
        events.relative_to(own_company.landing).as_posix(),
        "hubspot/email_events_again.csv",
        sent_again,
    )
    before = own_company.query("select count(*) from touchpoints")

    own_company.run("run")
    assert own_company.query(
        f"select amount from opportunities where opportunity_id = '{row['Id']}'"
    ) == [(Decimal("111.00"),)]
    assert own_company.query("select count(*) from touchpoints") == before

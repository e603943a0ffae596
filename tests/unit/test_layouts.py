"""Reports as people download them: each is read as its layout says, or not at all."""

import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from ingest import preflight
from ingest.contract import Contract, Table, load_contracts
from ingest.loading import LoadReport
from ingest.warehouse import Warehouse, prepare
from tests.support.loads import load, put, rows

CONTRACTS = {contract.source: contract for contract in load_contracts()}
LINES = (
    "select physical_lines, preamble_lines, header_lines, blank_lines, loaded_lines, "
    "quarantined_lines, footer_lines from state.load_ledger"
)


@pytest.fixture(autouse=True)
def _prepared(warehouse: Warehouse) -> None:
    with warehouse.writer() as connection:
        prepare(connection, list(CONTRACTS.values()))


def deliver(warehouse: Warehouse, name: str, content: str | bytes, table: str) -> LoadReport:
    (warehouse.landing / name).parent.mkdir(parents=True, exist_ok=True)
    put(warehouse, name, content)
    return load(warehouse, CONTRACTS[name.partition("/")[0]], table)


def test_linkedin_in_utf16_with_tabs_and_five_lines_above(warehouse: Warehouse) -> None:
    text = (
        "Creative Performance Report (in UTC)\nReport Start: January 1, 2026\n"
        "Report End: January 31, 2026\nDate Generated: February 1, 2026\n\n"
        "Start Date (in UTC)\tAd ID\tCampaign ID\tImpressions\tClicks\tClicks to Landing Page\t"
        "Total Spent\tConversions\tTotal Conversion Value\tLeads\tReactions\n"
        "01/31/2026\t68\t15\t1,204\t9\t7\t1,310.25\t1\t0.00\t2\t4\n"
    )
    deliver(warehouse, "linkedin_ads/creative_daily_1.csv", text.encode("utf-16"), "creative_daily")
    assert rows(
        warehouse,
        "select creative_id, day, impressions, cost_in_local_currency, _line, _rescued "
        "from raw.linkedin_ads__creative_daily",
    ) == [("68", dt.date(2026, 1, 31), 1204, Decimal("1310.25"), 7, '{"Reactions":"4"}')]
    assert rows(warehouse, LINES) == [(7, 5, 1, 0, 1, 0, 0)]


def test_microsoft_with_titles_above_and_totals_below(warehouse: Warehouse) -> None:
    text = (
        '"Report Name: Ads"\n"Report Time: 1/1/2026"\n\n'
        '"Gregorian date","Account ID","Campaign ID","Campaign name","Ad group ID","Ad group",'
        '"Ad ID","Currency code","Impressions","Clicks","Spend","Conversions","Revenue"\n'
        + "".join(
            f'"1/{day}/2026","1","2","Total","3","g","5","EUR","1,000","1","1,000.50","-","-"\n'
            for day in ["02", *range(2, 20)]
        )
        + '"Total","","","","","","","","1,001","2","1,001.50","-","-"\n\n'
        '"©2026 Microsoft Corporation. All rights reserved. "\n'
    )
    deliver(warehouse, "microsoft_ads/ad_daily_1.csv", text, "ad_daily")
    assert rows(
        warehouse, "select spend, date, _line from raw.microsoft_ads__ad_daily order by 2 limit 1"
    ) == [(Decimal("1000.50"), dt.date(2026, 1, 2), 6)]
    assert rows(warehouse, "select line, column_name from ops.quarantine") == [(5, "date")]
    assert rows(warehouse, LINES) == [(26, 3, 1, 1, 18, 1, 2)]


def test_meta_names_the_currency_in_a_header(warehouse: Warehouse) -> None:
    header = (
        "Konto-ID,Kampagnen-ID,Kampagnenname,Anzeigengruppen-ID,Anzeigengruppenname,Anzeigen-ID,"
        "Anzeigenname,Berichtsstart,Berichtsende,Reichweite,Impressionen,Klicks (alle),"
        "Link-Klicks,Ausgegebener Betrag (CHF),Leads\n"
    )
    row = "1,2,c,3,s,4,a,2026-01-31,2026-01-31,5,6,7,,8.90,\n"
    deliver(warehouse, "meta_ads/ad_daily_1.csv", header + row, "ad_daily")
    assert rows(warehouse, "select spend, account_currency from raw.meta_ads__ad_daily") == [
        (Decimal("8.9"), "CHF")
    ]


def test_google_in_german_counts_money_in_micros_all_the_same(warehouse: Warehouse) -> None:
    text = (
        "Anzeigenbericht\nJanuar 2026\n"
        "Tag,Kunden-ID,Kampagnen-ID,Kampagne,Anzeigengruppen-ID,Anzeigengruppe,Anzeigen-ID,"
        "Impr.,Klicks,Kosten,Conversions,Conv.-Wert\n"
        '2026-01-31,441-882-0173,2,c,3,g,4,1.204,9,"1.234,56","0,50", --\n'
        '2026-01-31,441-882-0173,2,c,3,g,5,1,0,"1,234.56","0,50", --\n'
        'Gesamt: Konto, --, --, --, --, --, --,1.205,9,"1.235,79","0,50", --\n'
    )
    table = CONTRACTS["google_ads"].tables[0].model_copy(update={"quarantine_limit": 0.5})
    contract = CONTRACTS["google_ads"].model_copy(update={"tables": (table,)})
    (warehouse.landing / "google_ads").mkdir()
    put(warehouse, "google_ads/ad_daily_1.csv", text)
    load(warehouse, contract, "ad_daily")
    assert rows(
        warehouse,
        "select customer_id, impressions, cost_micros, conversions, conversions_value "
        "from raw.google_ads__ad_daily",
    ) == [("4418820173", 1204, 1_234_560_000, Decimal("0.5"), None)]
    assert rows(warehouse, "select line, column_name from ops.quarantine") == [(5, "cost_micros")]
    assert rows(warehouse, LINES) == [(6, 2, 1, 0, 1, 1, 1)]


def test_hubspot_from_a_german_spreadsheet(warehouse: Warehouse) -> None:
    text = (
        "Datensatz-ID;E-Mail;Vorname;Nachname;Telefonnummer;Jobbezeichnung;Unternehmensname;"
        "Land/Region;Erstellungsdatum;Datum der letzten Änderung;Lead-Status\n"
        "1;a@x.org;Jörg;Groß;;Einkäufer;Müller;Österreich;31.07.2026 10:05;01.12.2026 09:00;\n"
    )
    deliver(warehouse, "hubspot/contacts_1.csv", text.encode("cp1252"), "contacts")
    assert rows(
        warehouse,
        "select country, createdate, lastmodifieddate, archived, lifecyclestage "
        "from raw.hubspot__contacts",
    ) == [
        ("Österreich", dt.datetime(2026, 7, 31, 8, 5), dt.datetime(2026, 12, 1, 8, 0), False, None)
    ]


def test_a_local_time_that_the_clock_shows_twice_or_never_is_quarantined(
    warehouse: Warehouse,
) -> None:
    text = (
        "Record ID,Email,First Name,Last Name,Phone Number,Job Title,Company Name,"
        "Country/Region,Create Date,Last Modified Date,Lead Status\n"
    )
    times = ["2026-03-29 02:30", "2026-10-25 02:30", *["2026-10-25 03:30"] * 20]
    text += "".join(f"{at},,,,,,,,{time},{time},\n" for at, time in enumerate(times))
    deliver(warehouse, "hubspot/contacts_1.csv", text, "contacts")
    assert rows(warehouse, "select distinct line, reason from ops.quarantine order by 1") == [
        (2, "not a valid timestamp"),
        (3, "not a valid timestamp"),
    ]


def workbook(path: Path, names: list[str], cells: list[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        sheet = book.add_worksheet("Export")
        for at, row in enumerate([names, *cells]):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)


HUBSPOT_NAMES = [
    "Record ID", "Email", "First Name", "Last Name", "Phone Number", "Job Title", "Company Name",
    "Country/Region", "Create Date", "Last Modified Date", "Lead Status",
]  # fmt: skip


def test_a_workbook_is_read_like_a_csv_file(warehouse: Warehouse) -> None:
    at = dt.datetime(2026, 7, 31, 10, 5)
    good = [451.0, "a@x.org", "An\nna", None, None, "CFO", None, "DE", at, "2026-07-31T12:00", None]
    book = [good, [None] * 11, ["12345678901234567", *good[1:]], [12345678901234567, *good[1:]]]
    path = warehouse.landing / "hubspot" / "contacts_1.xlsx"
    workbook(path, HUBSPOT_NAMES, [*book, *[[at, *good[1:]] for at in range(10)]])
    load(warehouse, CONTRACTS["hubspot"], "contacts")
    assert rows(
        warehouse,
        "select hs_object_id, createdate, lastmodifieddate, _line from raw.hubspot__contacts "
        "where length(hs_object_id) > 1 order by _line",
    ) == [
        ("451", dt.datetime(2026, 7, 31, 8, 5), dt.datetime(2026, 7, 31, 10, 0), 2),
        ("12345678901234567", dt.datetime(2026, 7, 31, 8, 5), dt.datetime(2026, 7, 31, 10, 0), 4),
    ]
    assert rows(warehouse, "select line, reason from ops.quarantine") == [
        (5, "a number of more than 15 digits, which Excel has rounded")
    ]
    assert rows(warehouse, LINES) == [(15, 0, 1, 1, 12, 1, 0)]


@pytest.mark.parametrize("kind", ["text", "gzip", "zip"])
def test_what_is_no_workbook_or_unpacks_to_too_much_is_refused(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("ingest.workbook.MAX_UNPACKED_BYTES", 1000)
    monkeypatch.setattr("ingest.workbook.MAX_UNPACKED_TIMES", 1)
    path = warehouse.landing / "hubspot" / "contacts_1.xlsx"
    workbook(path, HUBSPOT_NAMES, [])
    contents = {"text": b"Record ID\n1\n", "gzip": gzip.compress(b"1"), "zip": path.read_bytes()}
    path.write_bytes(contents[kind])
    [file] = load(warehouse, CONTRACTS["hubspot"], "contacts").files
    wanted = "unpacks to more than" if kind == "zip" else "not a whole Excel workbook"
    assert wanted in (file.refusal or "")


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "MAX_UNPACKED_BYTES", 1 << 20)
    put(
        warehouse,
        "shop/customers_1.csv.gz",
        "Id,Email,Visits,Spent,ChangedAt\n" + "1,,,,\n" * 10**6,
    )
    [file] = load(warehouse, shop, "customers").files
    assert "the archive unpacks to more than 1 MiB" in (file.refusal or "")


def with_layouts(shop: Contract, **shape: object) -> Contract:
    table = Table.model_validate(shop.tables[0].model_dump(by_alias=True) | shape)
    return shop.model_copy(update={"tables": (table,)})


def test_two_layouts_that_fit_alike_are_not_chosen_between(
    warehouse: Warehouse, shop: Contract
) -> None:
    headers = {name: name for name in ("Id", "Email", "Visits", "Spent", "ChangedAt")}
    twin = {"name": "twin", "headers": headers, "numbers": "1.234,56"}
    put(warehouse, "shop/customers_1.csv", "Id,Email,Visits,Spent,ChangedAt\n1,,1,1,\n")
    [file] = load(warehouse, with_layouts(shop, layouts=[twin]), "customers").files
    assert "fits the layouts native and twin alike" in (file.refusal or "")


def test_a_row_may_end_early_where_the_contract_says_so(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", "Id,Email,Visits,Spent,ChangedAt\n1\n2,,3\n4,,5,6,,7\n")
    load(warehouse, with_layouts(shop, short_rows=True), "customers")
    assert rows(warehouse, "select id, visits from raw.shop__customers order by 1") == [
        ("1", None),
        ("2", 3),
    ]
    assert rows(warehouse, "select line, reason from ops.quarantine") == [
        (4, "6 cells instead of 5")
    ]


def test_a_footer_needs_its_pattern_its_place_and_a_missing_key(
    warehouse: Warehouse, shop: Contract
) -> None:
    text = (
        "Id,Email,Visits,Spent,ChangedAt\nTotal,,1,,\n,Total,2,,\n3,Total,3,,\n,Total,6,,\n"
        "note below\n"
    )
    footers = ["Total", "note .*"]
    put(warehouse, "shop/customers_1.csv", text)
    load(warehouse, with_layouts(shop, footers=footers), "customers")
    assert rows(warehouse, "select id, visits from raw.shop__customers order by _line") == [
        ("Total", 1),
        (None, 2),
        ("3", 3),
    ]
    assert rows(warehouse, LINES) == [(6, 0, 1, 0, 3, 0, 2)]

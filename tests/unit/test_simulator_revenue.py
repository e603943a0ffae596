"""The books of the sample company: invoices and renewals, costs, targets and benchmarks."""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from ingest.contract import Table, load_contracts
from simulator.company import CHANNEL, DAY, LINES
from simulator.costs import draw_costs
from simulator.generation import generate
from simulator.period import Period
from simulator.planning import draw_benchmarks, draw_targets
from simulator.renewals import CHURN_ALPHA, CHURN_BETA, draw_customers, draw_invoices
from simulator.streams import Streams

PERIOD = Period(date(2020, 10, 1), date(2026, 9, 30))
ACCOUNTS = pd.DataFrame({"account": range(4000), "currency": "EUR"})
HAND_KEPT = [
    table
    for contract in load_contracts()
    if contract.source in {"finance", "planning"}
    for table in contract.tables
]
NOTHING_BACK = pd.DataFrame({"opportunity": [], "is_full": []}).astype({"is_full": bool})


def sales(count: int = 4000, **changed: object) -> pd.DataFrame:
    """A first sale of 1,000 to each account, closed on the period's first day."""
    sale = {"is_won": True, "amount": 1000.0, "closes_at": PERIOD.start}
    rows = ACCOUNTS.iloc[:count].assign(**sale, opportunity=range(count))
    return rows.assign(**changed)


def customers(
    opportunities: pd.DataFrame, credit_notes: pd.DataFrame = NOTHING_BACK
) -> pd.DataFrame:
    return draw_customers(Streams(7), ACCOUNTS, opportunities, credit_notes)


def invoices(
    opportunities: pd.DataFrame, credit_notes: pd.DataFrame = NOTHING_BACK
) -> pd.DataFrame:
    drawn = customers(opportunities, credit_notes)
    return draw_invoices(Streams(7), PERIOD, drawn, opportunities)


def test_customers_survive_as_the_shifted_beta_geometric_model_says() -> None:
    billed = invoices(sales())
    left = len(ACCOUNTS)
    survival = 1.0
    for year in range(1, 5):
        day = (date(2020 + year, 10, 1) - date(1970, 1, 1)).days
        kinds = billed.loc[billed["starts_on"] == day, "kind"].value_counts()
        assert kinds["renewal"] + kinds["churn"] == left
        left = kinds["renewal"]
        # survival of a year, given survival until then: (beta + t - 1) / (alpha + beta + t - 1)
        survival *= (CHURN_BETA + year - 1) / (CHURN_ALPHA + CHURN_BETA + year - 1)
        assert left / len(ACCOUNTS) == pytest.approx(survival, abs=0.02)


def test_a_customer_is_billed_without_gap_until_it_leaves() -> None:
    for _, rows in invoices(sales(300)).groupby("account"):
        assert rows["kind"].iloc[0] == "new"
        assert (rows["starts_on"].iloc[1:].to_numpy() == rows["ends_on"].iloc[:-1] + 1).all()
        assert "churn" not in set(rows["kind"].iloc[:-1])
        assert (rows["amount"] == 0).tolist() == (rows["kind"] == "churn").tolist()


def test_an_expansion_is_part_of_the_next_renewal() -> None:
    first = sales(300)
    later = first.assign(
        opportunity=first["opportunity"] + 300, amount=500.0, closes_at=PERIOD.start + 200 * DAY
    )
    billed = invoices(pd.concat([first, later], ignore_index=True))
    assert (billed.query("kind == 'expansion'")["amount"] == 500).all()
    renewals = billed.query("kind == 'renewal'").groupby("account")["amount"].first()
    assert set(renewals) == {1560.0}


def test_who_got_everything_back_does_not_renew() -> None:
    back = pd.DataFrame({"opportunity": [0, 1], "is_full": [True, False]})
    drawn = customers(sales(300), back)
    assert drawn["is_cancelled"].tolist() == [True] + [False] * 299
    kinds = invoices(sales(300), back).query("account == 0")["kind"]
    assert kinds.tolist() == ["new", "churn"]


@pytest.mark.parametrize(
    "changed", [{"amount": 0.0}, {"is_won": False}], ids=["sale of nothing", "lost"]
)
def test_only_who_bought_for_money_is_billed(changed: dict[str, object]) -> None:
    assert len(invoices(sales(**changed))) == 0


def test_who_buys_does_not_change_how_long_others_stay() -> None:
    fewer = customers(sales().iloc[::2])
    everyone = customers(sales())
    kept = everyone[everyone["account"] % 2 == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(fewer, kept)


def test_a_leap_day_is_followed_by_the_first_of_march() -> None:
    leap_day = Period(date(2024, 2, 29), date(2024, 2, 29)).start
    billed = invoices(sales(50, closes_at=leap_day))
    ends = {str(day) for day in billed["ends_on"].to_numpy().astype("datetime64[D]")}
    assert ends <= {"2025-02-28", "2026-02-28", "2027-02-28"}


def campaigns(period: Period) -> pd.DataFrame:
    """One campaign of each line, planned two months before it began with the period."""
    count = len(LINES)
    return pd.DataFrame(
        {
            "campaign": range(count),
            "line": range(count),
            "starts_at": period.start,
            "concept_at": period.start - 60 * DAY,
            "is_launched": True,
            "budget": 10_000.0,
        }
    )


@pytest.mark.parametrize("accounts", [1, 100, 5000])
def test_people_cost_more_than_everything_else(accounts: int) -> None:
    costs = draw_costs(Streams(7), PERIOD, ACCOUNTS.iloc[:accounts], campaigns(PERIOD))
    people = costs.query("category == 'people'")["amount"].sum()
    assert 0.7 < people / costs["amount"].sum() < 0.97
    assert set(costs["team"]) == {"marketing", "sales"}
    assert set(costs.loc[costs["campaign"] >= 0, "channel"]) == {CHANNEL["event"]}


def test_a_month_that_is_covered_in_part_costs_that_part() -> None:
    period = Period(date(2026, 1, 22), date(2026, 3, 31))
    costs = draw_costs(Streams(7), period, ACCOUNTS.iloc[:100], campaigns(period))
    people = costs.query("category == 'people' and team == 'sales'")["amount"].tolist()
    assert len(people) == 3
    assert people[0] / people[1] == pytest.approx(10 / 31, rel=0.13)


def test_every_quarter_and_the_next_have_targets_and_some_are_revised() -> None:
    targets = draw_targets(Streams(7), PERIOD, ACCOUNTS)
    settings = targets.groupby(["starts_at", "kpi", "channel"]).size()
    assert len(settings) == 25 * 8
    assert settings.groupby(level=[1, 2]).size().tolist() == [25] * 8
    assert 0.05 < (settings == 2).mean() < 0.3
    assert targets["set_at"].max() < PERIOD.end
    assert ((targets["ends_at"] - targets["starts_at"]) / DAY).between(90, 92).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_benchmark_is_set_after_the_launch_and_the_others_before(seed: int) -> None:
    plan = campaigns(PERIOD)
    benchmarks = draw_benchmarks(Streams(seed), PERIOD, plan)
    starts_at = benchmarks["campaign"].map(plan.set_index("campaign")["starts_at"])
    assert len(benchmarks) == len(LINES)
    assert ((benchmarks["set_at"] > starts_at) == benchmarks["is_late"]).all()
    assert benchmarks["is_late"].sum() == 1


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    generate(folder, seed=7, contacts=1500, days=1000)
    return folder


def exported(written: Path, name: str) -> pd.DataFrame:
    [path] = (written / "landing").glob(f"{name}_*.csv")
    return pd.read_csv(path)


def truth(written: Path, sql: str) -> pd.DataFrame:
    with duckdb.connect() as connection:
        connection.execute(f"set file_search_path = '{written / 'truth'}'")
        return connection.sql(sql).df()


@pytest.mark.parametrize("table", HAND_KEPT, ids=lambda table: table.name)
def test_an_export_keeps_the_rules_of_its_contract(written: Path, table: Table) -> None:
    rows = exported(written, table.files.partition("_*")[0])
    for column in table.columns:
        values = rows[column.name].dropna()
        assert column.nullable or len(values) == len(rows)
        assert not column.allowed or set(values) <= set(column.allowed)
        assert column.min is None or values.min() >= column.min
        assert column.max is None or values.max() <= column.max
    is_booked_again = table.delivery == "upserts"
    assert is_booked_again or not rows.duplicated(list(table.key)).any()


def test_a_corrected_invoice_comes_again_and_its_last_amount_is_the_true_one(written: Path) -> None:
    booked = exported(written, "finance/invoices")
    true = truth(written, "select invoice_id, amount::double as amount from 'invoices.parquet'")
    last = booked.groupby("invoice_id").last()
    assert len(booked) > len(last) == len(true)
    assert last["amount"].tolist() == true["amount"].tolist()
    assert set(booked["kind"]) == {"new", "renewal", "expansion", "churn"}


def test_new_business_and_expansions_are_billed_as_the_crm_says(written: Path) -> None:
    differing = truth(
        written,
        """
        from (from 'opportunities.parquet' where is_won and amount > 0) as sold
        full join (from 'invoices.parquet' where kind in ('new', 'expansion')) as billed
            using (opportunity_id)
        where sold.amount is distinct from billed.amount
            or sold.currency is distinct from billed.currency
            or sold.account_id is distinct from billed.account_id
            or sold.closed_at::date is distinct from billed.period_start
        """,
    )
    assert len(differing) == 0


def test_the_sheets_are_what_the_truth_says(written: Path) -> None:
    costs = exported(written, "finance/costs")
    assert costs["amount"].tolist() == truth(
        written, "select amount::double as amount from 'costs.parquet'"
    )["amount"].tolist()  # fmt: skip
    targets = exported(written, "planning/targets").merge(
        truth(written, "select target_id, kpi as true_kpi, counts from 'targets.parquet'")
    )
    assert (targets["kpi"] == targets["true_kpi"]).all()
    grain = ["kpi", "period_start", "scope"]
    last = targets.groupby(grain, dropna=False)["set_at"].transform("max")
    assert ((targets["set_at"] == last) == targets["counts"]).all()
    assert exported(written, "finance/margins")["share"].between(0.5, 0.9).all()
    late = truth(written, "select benchmark_id from 'benchmarks.parquet' where is_late")
    assert len(late) == 1

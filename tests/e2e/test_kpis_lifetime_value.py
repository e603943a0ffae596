"""The published figures of customers against a second coding in pandas, from landing files."""

from math import isclose

import pandas as pd
import pytest

from tests.oracle.kpis_lifetime_value import RATE, YEARS, lifetime_value, marketing_cost
from tests.oracle.kpis_realised_margin import (
    Books,
    customers,
    find_books,
    margin_by_cohort,
    margin_by_origin,
)
from tests.oracle.lifetimes import discounted_tenure
from tests.support.second_coding import Both, unlike

GROUP = ["breakdown", "breakdown_value"]
# Both codings search for the parameters, and stop where the likelihood is flat.
FITTED = [
    "alpha", "beta", "discounted_tenure", "expected_lifetime_value", "ltv_to_cac",
    "expected_purchase_value",
]  # fmt: skip


@pytest.fixture(scope="module")
def books(both: Both) -> Books:
    return find_books(both.second)


def test_customers_are_the_same(both: Both, books: Books) -> None:
    found = both.table("customers")
    assert unlike(found, customers(books), ["customer_id"]) == []
    assert len({*found.engagement_pattern}) > 1
    assert (found.margin > 0).any()


def test_margin_by_cohort_is_the_same(both: Both, books: Books) -> None:
    found = both.table("margin_by_cohort")
    keys = [*GROUP, "cohort_quarter", "age_months"]
    assert unlike(found, margin_by_cohort(books), keys) == []
    assert {*found.breakdown} == {"all", "channel"}


def test_margin_by_origin_is_the_same(both: Both, books: Books) -> None:
    found = both.table("margin_by_origin")
    assert unlike(found, margin_by_origin(books), [*GROUP, "age_months"]) == []
    assert {*found.breakdown} == {"all", "channel", "pattern"}
    assert (found.observed_customers < found.customers).any()
    assert found.realised_margin.notna().any()


def test_lifetime_values_are_the_same(both: Both, books: Books) -> None:
    found = both.table("lifetime_value")
    expected = lifetime_value(books, marketing_cost(both.second))
    assert unlike(found.drop(columns=FITTED), expected.drop(columns=FITTED), GROUP) == []
    found, expected = found.set_index(GROUP), expected.set_index(GROUP)
    pairs = [
        (figure, expected.loc[group, name])
        for name in FITTED
        for group, figure in found[name].items()
    ]
    assert [pair for pair in pairs if not is_near(*pair)] == []


def is_near(found: float | None, expected: float | None) -> bool:
    if pd.isna(found) or pd.isna(expected):
        return bool(pd.isna(found) and pd.isna(expected))
    return isclose(found, expected, rel_tol=1e-5)


def test_lifetime_values_follow_from_the_parameters(both: Both, books: Books) -> None:
    found = both.table("lifetime_value")
    cac = float(marketing_cost(both.second)) / len(books.customers)
    for row in found[found.expected_lifetime_value.notna()].itertuples():
        tenure = discounted_tenure(row.alpha, row.beta, YEARS, RATE)
        worth = row.first_year_margin_per_customer * tenure
        assert isclose(row.discounted_tenure, tenure, rel_tol=1e-9)
        assert isclose(row.expected_lifetime_value, worth, rel_tol=1e-9)
        assert isclose(row.ltv_to_cac, worth / cac, rel_tol=1e-9)

"""One address in many spellings is one; SQL and the libraries agree on what is ordinary."""

import string

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.contract import Column
from ingest.normalising import email_domain, find_normal_forms, normal_form, normalised
from ingest.role_addresses import is_role_address

EMAIL = Column(name="Email", type="string", description="Address.", personal="email")
PHONE = Column(name="Phone", type="string", description="Number.", personal="phone")
GERMAN = PHONE.model_copy(update={"region": "DE"})
NAME = Column(name="Name", type="string", description="Name.", personal="name")

CLEAR = '"clear"'


def forms_in_sql(column: Column, texts: list[str]) -> list[tuple[str, str | None]]:
    """Return normal form and domain of each text, the way a file's rows get them."""
    with duckdb.connect() as connection:
        connection.execute(f"create table typed (place bigint, {CLEAR} varchar)")
        if texts:
            places = ", ".join(["(?, ?)"] * len(texts))
            values = [value for place in enumerate(texts) for value in place]
            connection.execute(f"insert into typed values {places}", values)
        find_normal_forms(connection, "typed", {column: CLEAR})
        domain = email_domain(column, CLEAR) if column.personal == "email" else "null"
        return connection.execute(
            f"select {normalised(column, CLEAR)}, {domain} from typed order by place"
        ).fetchall()


@pytest.mark.parametrize(
    "written",
    [
        "anna.schmidt@mueller.de",
        "Anna.Schmidt@Mueller.DE",
        "  anna.schmidt@mueller.de \t",
        "\u00a0anna.schmidt@mueller.de\u200b",
        "Anna Schmidt <anna.schmidt@mueller.de>",
        '"Schmidt, Anna" <Anna.Schmidt@mueller.de>',
        '"anna.schmidt"@mueller.de',
        "anna.schmidt@mueller.de.",
    ],
    ids=["plain", "capitals", "spaces", "invisible", "name", "quoted name", "quoted", "full stop"],
)
def test_an_address_is_the_same_however_it_is_typed(written: str) -> None:
    assert forms_in_sql(EMAIL, [written]) == [("anna.schmidt@mueller.de", "mueller.de")]


@pytest.mark.parametrize(
    "written", ["anna@müller.de", "anna@MÜLLER.de", "anna@mu\u0308ller.de", "Anna@xn--mller-kva.de"]
)
def test_a_domain_with_umlauts_is_the_same_as_its_ascii_form(written: str) -> None:
    assert forms_in_sql(EMAIL, [written]) == [("anna@xn--mller-kva.de", "xn--mller-kva.de")]


def test_dots_and_tags_are_part_of_an_address() -> None:
    assert forms_in_sql(EMAIL, ["an.na+news@gmail.com"]) == [("an.na+news@gmail.com", "gmail.com")]


@pytest.mark.parametrize(
    "written", ["n/a", "Anna Schmidt", "anna@", "@x.de", "anna@localhost", "a@b.de; c@d.de", "x@y"]
)
def test_what_is_no_address_keeps_its_text_and_has_no_domain(written: str) -> None:
    assert forms_in_sql(EMAIL, [written.upper() + " "]) == [(written.lower(), None)]


@pytest.mark.parametrize(
    ("written", "is_role"),
    [
        ("Info@mueller.de", True),
        ("Muller <SALES2@mueller.de>", True),
        ("kontakt+messe@müller.de", True),
        ("anna.info@mueller.de", False),
        ("information-anna@mueller.de", False),
        ("info", False),
        (None, None),
    ],
)
def test_a_mailbox_that_a_team_reads_is_known_by_the_name_before_the_at(
    written: str | None,
    is_role: bool | None,  # noqa: FBT001
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table typed as select ?::varchar as {CLEAR}", [written])
        find_normal_forms(connection, "typed", {EMAIL: CLEAR})
        sql = is_role_address(normalised(EMAIL, CLEAR))
        assert connection.execute(f"select {sql} from typed").fetchall() == [(is_role,)]


addresses = st.builds(
    "{}{}@{}{}".format,
    st.sampled_from(["", " ", "A <"]),
    st.text(string.ascii_letters + string.digits + "._-+'ä\"@ ", max_size=12),
    st.text(string.ascii_letters + string.digits + ".-ü_ ", max_size=70),
    st.sampled_from(["", ".de", ".DE ", ".test", ".xn--p1ai", ".c0m", ".museum", "."]),
)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(addresses | st.emails() | st.text(max_size=12), max_size=20))
@example(texts=["a@b--c.de", "a@xn--a.de", "a@b.invalid", "a@b.1a", f"a@{'b' * 64}.de", "a.@b.de"])
def test_sql_and_the_library_give_every_text_the_same_form(texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    assert forms_in_sql(EMAIL, texts) == [normal_form(EMAIL, text) for text in texts]


@pytest.mark.parametrize(
    ("column", "written", "normal"),
    [
        (PHONE, "+493012345678", "+493012345678"),
        (PHONE, "+49 (0)30 1234 5678", "+493012345678"),
        (PHONE, "+4903012345678", "+493012345678"),
        (PHONE, "+39 06 1234 5678", "+390612345678"),
        (PHONE, "tel:+49-30-12345678", "+493012345678"),
        (GERMAN, "030 / 12 34 56 78", "+493012345678"),
        (GERMAN, "0049 30 12345678", "+493012345678"),
        (GERMAN, "+1 (212) 555-0100", "+12125550100"),
        (PHONE, "030 / 12 34 56 78", "03012345678"),
        (PHONE, "Ask for Anna", "ask for anna"),
        (PHONE, "4.93012E+11", "4.93012e+11"),
    ],
)
def test_a_number_has_the_form_of_e164_if_its_country_is_known(
    column: Column, written: str, normal: str
) -> None:
    assert forms_in_sql(column, [written, f" {written} "]) == [(normal, None)] * 2


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.from_regex(r"\+?[0-9 ()/-]{3,16}", fullmatch=True), max_size=20))
def test_no_number_is_lost(texts: list[str]) -> None:
    for text, (normal, _) in zip(texts, forms_in_sql(GERMAN, texts), strict=True):
        assert normal is not None
        assert normal or not text.strip(" ()/-+")


def test_other_kinds_are_only_trimmed_and_nothing_stays_nothing() -> None:
    assert forms_in_sql(NAME, [" Anna "]) == [("Anna", None)]
    assert forms_in_sql(EMAIL, []) == []


@pytest.mark.parametrize(("personal", "region"), [("phone", "XX"), ("email", "DE"), (None, "DE")])
def test_a_region_is_a_country_and_goes_with_a_phone(personal: str | None, region: str) -> None:
    with pytest.raises(ValidationError, match="region is for phones"):
        Column(name="Phone", type="string", description="-", personal=personal, region=region)

"""One person's address or number in one form, however it was typed, before it is hashed.

What is ordinary takes its form in SQL. The rest goes through libraries that know the standards,
each distinct text once, into the small temporary table ``normal_forms``. Text that is neither
address nor number keeps its own form, so that no value is lost.
"""

import phonenumbers
import pyarrow as pa
from duckdb import DuckDBPyConnection
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat

from ingest.contract import Column
from ingest.privacy import quoted

_ATOM = r"[a-z0-9_!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ORDINARY_EMAIL = rf"{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+([a-z0-9][a-z0-9-]*)?[a-z]"
# Punycode, and names that never lead to a mailbox (RFC 6761, 6762, 7686), need a closer look.
_UNUSUAL_EMAIL = r"--|[.@](arpa|invalid|local|localhost|onion|test)$"
# Within this length neither the address nor a label of its domain is too long (RFC 1035, 5321).
_ORDINARY_LENGTH = 64
_CALLING_CODES = "|".join(str(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
_E164 = r"\+[1-9]\d{6,14}"
# +49 030 …: the zero is dialled inside the country alone, except where the plan says otherwise.
_DOUBTFUL_E164 = rf"\+({_CALLING_CODES})0.*"
_PHONE_SIGNS = " ()[]./-+\u00a0\u2010\u2011\u2013"
# Characters without a width that copying from web pages and chats leaves at the ends.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

_NORMALISED = ("email", "phone")
_FORMS = ("column_name", "as_typed", "normal", "domain")
_SCHEMA = pa.schema([(name, pa.string()) for name in _FORMS])


def find_normal_forms(connection: DuckDBPyConnection, rows: str, clear: dict[Column, str]) -> None:
    """Fill ``normal_forms`` with the texts of the table ``rows`` that SQL cannot normalise.

    ``clear`` says under which name the table keeps each column's text.
    """
    forms = [
        (column.raw_name, text, *normal_form(column, text))
        for column, name in clear.items()
        if column.personal in _NORMALISED
        for (text,) in connection.execute(
            f"select distinct {name} from {rows} where not {_is_ordinary(column, name)}"
        ).fetchall()
    ]
    columns = [list(values) for values in zip(*forms, strict=True)] or [[], [], [], []]
    connection.register("found_forms", pa.table(columns, schema=_SCHEMA))
    connection.execute("create or replace temp table normal_forms as from found_forms")
    connection.unregister("found_forms")


def normal_form(column: Column, text: str) -> tuple[str, str | None]:
    """Return the form of ``text`` that is hashed and, of an e-mail address, its domain."""
    bare = text.strip().strip(_INVISIBLE).strip()
    return _email(bare) if column.personal == "email" else (_phone(bare, column.region), None)


def normalised(column: Column, text: str) -> str:
    """SQL for the form in which the SQL expression ``text`` is hashed.

    An e-mail address is in lower case, with its domain in ASCII (IDNA 2008); a phone number has
    the form of E.164. Any other value is only trimmed.
    """
    if column.personal not in _NORMALISED:
        return f"trim({text})"
    short = f"lower(trim({text}))"
    return f"case when {_is_ordinary(column, text)} then {short} else {_found(column, text)} end"


def email_domain(column: Column, text: str) -> str:
    """SQL for the domain of the address ``text``, in ASCII and lower case; null without one."""
    short = f"split_part(lower(trim({text})), '@', 2)"
    found = _found(column, text, "domain")
    return f"case when {_is_ordinary(column, text)} then {short} else {found} end"


def _found(column: Column, text: str, form: str = "normal") -> str:
    return (
        f"(select {form} from normal_forms "
        f"where column_name = {quoted(column.raw_name)} and as_typed = {text})"
    )


def _is_ordinary(column: Column, text: str) -> str:
    """SQL that tells whether SQL alone normalises ``text`` as the library would."""
    bare = f"lower(trim({text}))"
    if column.personal == "phone":
        return (
            f"(regexp_full_match({bare}, '{_E164}') "
            f"and not regexp_full_match({bare}, '{_DOUBTFUL_E164}'))"
        )
    return (
        f"(length({bare}) <= {_ORDINARY_LENGTH} "
        f"and regexp_full_match({bare}, {quoted(_ORDINARY_EMAIL)}) "
        f"and not regexp_matches({bare}, '{_UNUSUAL_EMAIL}'))"
    )


def _email(bare: str) -> tuple[str, str | None]:
    try:
        found = validate_email(
            bare.rstrip("."),
            check_deliverability=False,
            allow_quoted_local=True,
            allow_display_name=True,
        )
    except EmailNotValidError:
        return bare.lower(), None
    return f"{found.local_part.lower()}@{found.ascii_domain}", found.ascii_domain


def _phone(bare: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(bare, region)
    except NumberParseException:
        number = None
    if number and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    digits = bare.translate({ord(sign): None for sign in _PHONE_SIGNS})
    return digits if digits.isdecimal() else bare.lower()

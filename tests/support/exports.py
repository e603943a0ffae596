"""Write landing files that look like those of the sample company."""

import csv
import io

from tests.support.project import Project


def csv_of(project: Project, table: str, *rows: dict[str, str], **kind: str) -> str:
    """Return a CSV with the header of the table's landing file and what the rows have beyond it."""
    path = next(project.landing.glob(f"{table}_*.csv"))
    with path.open(newline="", encoding="utf-8") as file:
        known = csv.DictReader(file).fieldnames or []
    header = list(dict.fromkeys([*known, *rows[0]]))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    if kind.get("header") != "none":
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def put(project: Project, name: str, text: str) -> None:
    (project.landing / name).write_text(text, encoding="utf-8")

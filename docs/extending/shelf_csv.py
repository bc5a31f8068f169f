"""A format: a line of CSV for each link."""

import csv
import io
from collections.abc import Iterator

from linkcheck.contracts import Format
from linkcheck.model import Report
from linkcheck.report.sanitise import clean, url


def _pieces(report: Report) -> Iterator[str]:
    yield _line("url", "state", "rule", "title")
    for one in report.checked:
        title = one.metadata.title if one.metadata else ""
        yield _line(url(one.url), one.verdict.state, one.verdict.rule, clean(title))


def _line(*values: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()


FORMAT = Format("csv", ".csv", _pieces)

"""One JSON document, `linkcheck-report/1`; its schema is report/linkcheck-report-1.schema.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkcheck.contracts import Format
from linkcheck.model import Checked, Edit, Link, Metadata, Report
from linkcheck.report import groups, ignores, messages, sanitise

SCHEMA = "linkcheck-report/1"


def pieces(report: Report) -> Iterator[str]:
    """One line a link. Unsafe characters are escaped, so no data is lost."""
    yield f'{{"schema": {sanitise.json_text(SCHEMA)},\n"summary": {sanitise.json_text(summary(report))},\n"links": ['
    for at, one in enumerate(report.checked):
        yield f"{',' if at else ''}\n{messages.entry(_text, one)}"
    yield "\n]}\n"


def summary(report: Report) -> dict[str, Any]:
    return {
        "links": len(report.checked),
        "failing": len(groups.failing(report)),
        "ignored": len(groups.ignored(report)),
        "ignores": ignores.notes_as_values(report),
        "states": groups.counts(report),
        "requests": report.requests,
        "started": _time(report.started),
        "finished": _time(report.finished),
        "interrupted": report.is_interrupted,
        "not_looked_at": groups.not_looked_at(report),
        "network": report.network_outage,
        "outages": [{"from": _time(o.start), "to": _time(o.end) if o.end else None} for o in report.outages],
        "asked_again": report.asked_again,
        "inputs": [d.path for d in report.documents],
        "warnings": [*_warnings(report)],
    }


def _warnings(report: Report) -> Iterator[dict[str, Any]]:
    for document in report.documents:
        yield from ({"path": n.path, "line": n.line, "text": n.text} for n in document.notices)
    for one in groups.internal_errors(report)[:1]:
        yield {"path": one.links[0].path, "line": one.links[0].line, "text": messages.bug_report(report)}


def _text(one: Checked) -> str:
    return sanitise.json_text(_link(one))


def _link(one: Checked) -> dict[str, Any]:
    verdict, found = one.verdict, one.metadata
    return {
        "url": one.url,
        "normal": one.normal or None,
        "state": verdict.state,
        "confidence": verdict.confidence,
        "rule": verdict.rule,
        "decided_by": sanitise.clean(verdict.decided_by) or None,
        "instead_of": verdict.instead_of,
        "reason": sanitise.clean(verdict.reason, 600),
        "flags": {flag: sanitise.clean(why) for flag, why in verdict.flags.items()},
        "change": one.change,
        "since": _time(one.since) if one.since else None,
        "ignored": ignores.as_value(one.ignored),
        "advice": verdict.advice,
        "replacement": verdict.replacement or None,
        "mending": one.mending or None,
        "edits": [_edit(edit) for edit in one.edits],
        "final_url": one.final_url or None,
        "status": one.status,
        "checked": _time(one.at) if one.at else None,
        "title": (found.title if found else "") or messages.title(one),
        "metadata": metadata(found) if found else None,
        "locations": [_location(link) for link in one.links],
    }


def metadata(found: Metadata) -> dict[str, Any]:
    """The non-empty fields, under their names in model.Metadata."""
    fields = {
        "kind": found.kind,
        "title": found.title,
        "authors": [author.name for author in found.authors],
        "published": found.published,
        "modified": found.modified,
        "description": found.description,
        "language": found.language,
        "site_name": found.site_name,
        "canonical": found.canonical,
        "doi": found.doi,
        "duration_s": found.duration_s,
        "details": dict(found.details),
        "provenance": dict(found.provenance),
    }
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def _location(link: Link) -> dict[str, Any]:
    ignored = {"ignored": True} if link.ignored else {}
    return ignored | {
        "path": link.path,
        "line": link.line,
        "column": link.column,
        "span": list(link.span),
        "text": link.text,
        "section": list(link.section),
    }


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "path": edit.path,
        "span": list(edit.span),
        "old": edit.old,
        "new": edit.new,
        "rule": edit.rule,
        "reason": edit.reason,
    }


def _time(when: Any) -> str:
    return str(when.isoformat(timespec="seconds")).replace("+00:00", "Z")


FORMAT = Format("json", "", pieces)

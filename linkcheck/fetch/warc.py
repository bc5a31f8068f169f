"""Write exchanges to a WARC file (ISO 28500:2017, version 1.1), and read them from one.

A response record holds the status, the headers and the body as it was read: with content and transfer codings
decoded, so those fields are renamed, and `WARC-Truncated` if it was longer. A request without an answer is a metadata
record with the fault. A file to be read is untrusted: only the offset of each answer is kept, the rest is read on
demand, and values that no live answer could have are refused. The only home of warcio, which is an extra.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import printable
from typing import Any
from urllib.parse import quote

from linkcheck import __version__
from linkcheck.common import plain_files, secret
from linkcheck.contracts import Observer
from linkcheck.errors import ReportError, SettingsError, reason
from linkcheck.fetch import archive
from linkcheck.model import Exchange, Fault, Outage, Url
from linkcheck.model import replace as changed

_RUN = "urn:linkcheck:run"
_CODINGS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_WAS = "x-linkcheck-was-"
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_MOST_OUTAGES = 1_000
_MOST_HEADERS = 512
_MOST_JSON_BYTES = 65_536
_LONGEST_S = 86_400.0
# Exceptions of warcio, and of parsing its values, for a file that linkcheck did not write.
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, OverflowError, RecursionError)
_MISSING = "pip install 'linkcheck-crawler[warc]'"


@dataclass(frozen=True, slots=True)
class Run:
    """Times of a recorded run, and the state of its network."""

    started: datetime
    finished: datetime
    requests: int = 0
    resolver_works: bool = False
    outages: tuple[Outage, ...] = ()
    asked_again: int = 0


class Recorder(Observer):
    """Writes exchanges to a WARC file as they end."""

    def __init__(self, path: Path) -> None:
        """Raises ReportError if the file cannot be written, SettingsError without warcio."""
        try:
            from warcio.warcwriter import WARCWriter
        except ImportError as error:
            raise SettingsError("--record needs warcio", where="--record", help=_MISSING) from error
        try:
            self._file = plain_files.open_to_overwrite(path)
        except OSError as error:
            raise ReportError(f"cannot write the recording: {reason(error)}", where=str(path)) from error
        self._writer: Any = WARCWriter(self._file, gzip=True, warc_version="1.1")
        info = {"software": f"linkcheck/{__version__}", "format": "WARC File Format 1.1"}
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, info))

    def on_exchange(self, one: Exchange) -> None:
        """Write one exchange."""
        from warcio.statusandheaders import StatusAndHeaders

        kept = {
            "WARC-Date": _text(one.at),
            "X-Linkcheck-Try": "canary" if one.is_canary else "lenient" if one.is_lenient else "verified",
            "X-Linkcheck-Seconds": f"{one.elapsed_s:.3f}",
        }
        asked = StatusAndHeaders("GET / HTTP/1.1", _without_secrets(one.request_headers), is_http_request=True)
        self._write("request", one.url, b"", asked, kept)
        if isinstance(one.outcome, Fault):
            text = json.dumps({"fault": one.outcome.value, "detail": secret.masked(one.detail)})
            return self._write("metadata", one.url, text.encode(), None, kept)
        if not one.complete:
            kept["WARC-Truncated"] = "length"
        if one.detail:
            kept["X-Linkcheck-Trouble"] = json.dumps(secret.masked(one.detail))
        fields = _without_secrets(one.headers)
        headers = [(f"{_WAS}{name}" if name.lower() in _CODINGS else name, value) for name, value in fields]
        answer = StatusAndHeaders(f"{one.outcome} -", headers, protocol="HTTP/1.1")
        return self._write("response", one.url, one.body, answer, kept)

    def close(self, run: Run) -> None:
        """Write the record of the run, and close the file."""
        values = {
            "started": _text(run.started),
            "finished": _text(run.finished),
            "requests": run.requests,
            "resolver_works": run.resolver_works,
            "outages": [[_text(one.start), _text(one.end) if one.end else None] for one in run.outages],
            "asked_again": run.asked_again,
        }
        self._write("metadata", _RUN, json.dumps(values).encode(), None, {"WARC-Date": _text(run.finished)})
        self._file.close()

    def _write(self, kind: str, url: str, body: bytes, head: object, headers: dict[str, str]) -> None:
        record = self._writer.create_warc_record(
            secret.masked(url), kind, payload=BytesIO(body), length=len(body), http_headers=head,
            warc_headers_dict=dict(headers), warc_content_type="" if head else "application/json",
        )  # fmt: skip
        self._writer.write_record(record)


def _without_secrets(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    masked = ((name, secret.SHOWN if name.lower() in _SECRET else secret.masked(value)) for name, value in fields)
    return [(_ascii(name), _ascii(value)) for name, value in masked]


def _ascii(text: str) -> str:
    """`text` with percent-escapes for non-ASCII characters: warcio writes them too, but fails on some fields."""
    return text if text.isascii() else quote(text, safe=printable, errors="replace")


@dataclass(slots=True)
class Recording:
    """The contents of a file: every exchange without its body, and the offset of its record in bytes."""

    run: Run
    exchanges: list[tuple[Exchange, int]]


def read(path: Path) -> Recording:
    """The recording in `path`. Raises SettingsError if it is none."""
    try:
        import warcio
    except ImportError as error:
        raise SettingsError("--replay needs warcio", where="--replay", help=_MISSING) from error
    logging.getLogger(warcio.__name__).addHandler(logging.NullHandler())  # it logs untrusted text of the file
    found, run = list[tuple[Exchange, int]](), None
    try:
        for place, record in archive.records(path):
            parsed = _parsed(record)
            if parsed.rec_type == "metadata" and _url(parsed) == _RUN:
                run = _run(_json(parsed.raw_stream.read()))
            elif parsed.rec_type in ("metadata", "response"):
                one = _exchange(parsed)
                found.append((changed(one, headers=(), body=b"", detail=""), place))
    except OSError as error:
        raise SettingsError(f"cannot read the recording: {reason(error)}", where=str(path)) from error
    except _DAMAGE as error:
        raise SettingsError(f"this is no recording of linkcheck: {str(error)[:200]}", where=str(path)) from error
    if run is None:
        if not found:
            raise SettingsError("this is no recording of linkcheck", where=str(path))
        run = Run(found[0][0].at, found[-1][0].at, len(found), resolver_works=True)  # cut short: the run was killed
    return Recording(run, found)


def exchange_at(path: Path, place: int) -> Exchange | None:
    """The exchange whose record is at offset `place`, None if it no longer exists."""
    try:
        return _exchange(_parsed(archive.record_at(path, place)))
    except (OSError, *_DAMAGE):
        return None


def _parsed(record: bytes) -> Any:
    """The record, parsed by warcio. Raises one of _DAMAGE."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader
    from warcio.statusandheaders import StatusAndHeadersParserException

    end = record.find(b"\r\n\r\n", 0, archive.MOST_HEAD_BYTES)
    is_http = any(kind in record[: max(end, 0)].lower() for kind in (b"response", b"request", b"revisit"))
    if end < 0 or (is_http and record.find(b"\r\n\r\n", end + 4, end + archive.MOST_HEAD_BYTES) < 0):
        raise ValueError("the head of a record does not end")
    try:
        return ArcWarcRecordLoader().parse_record_stream(BytesIO(record), known_format="warc")
    except (ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise ValueError(str(error)) from error


def _url(parsed: Any) -> str:
    return str(parsed.rec_headers.get_header("WARC-Target-URI"))


def _json(text: bytes) -> dict[str, Any]:
    values = json.loads(text[: _MOST_JSON_BYTES + 1])
    if not isinstance(values, dict) or len(text) > _MOST_JSON_BYTES:
        raise ValueError("a record of another program")
    return values


def _exchange(parsed: Any) -> Exchange:
    """The exchange of a record. Raises one of _DAMAGE."""
    head, body = parsed.rec_headers, parsed.raw_stream.read()
    how = head.get_header("X-Linkcheck-Try")
    took_s = float(head.get_header("X-Linkcheck-Seconds") or 0.0)
    if not 0.0 <= took_s <= _LONGEST_S:
        raise ValueError("a request that took longer than a day")
    one = Exchange(
        _time(head.get_header("WARC-Date")), Url(_url(parsed)), Fault.CLOSED, elapsed_s=took_s,
        is_lenient=how == "lenient", is_canary=how == "canary",
    )  # fmt: skip
    if parsed.rec_type == "metadata":
        values = _json(body)
        return changed(one, outcome=Fault(values["fault"]), detail=_message(values["detail"]))
    fields = parsed.http_headers.headers
    if len(fields) > _MOST_HEADERS:
        raise ValueError("an answer with more headers than are read")
    trouble = head.get_header("X-Linkcheck-Trouble")
    return changed(
        one, outcome=_status(parsed.http_headers.get_statuscode()), body=body,
        headers=tuple((name, value) for name, value in fields if not name.startswith(_WAS)),
        complete=head.get_header("WARC-Truncated") is None, detail=_message(json.loads(trouble)) if trouble else "",
    )  # fmt: skip


def _status(text: str) -> int:
    """A final status (RFC 9110 §15). Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) == 3) or (text[0] == "1" and text != "101"):
        raise ValueError("an answer without a status")
    return int(text)


def _message(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a detail that is no text")
    return value[:2_000]


def _time(text: str) -> datetime:
    """An aware time. Raises ValueError."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None or not 2000 <= time.year < 2200:
        raise ValueError("an impossible time")
    return time


def _run(values: dict[str, Any]) -> Run:
    outages = tuple(
        Outage(_time(start), _time(end) if end else None) for start, end in values.get("outages", ())[:_MOST_OUTAGES]
    )
    numbers = (values["requests"], values.get("asked_again", 0))
    if not all(isinstance(number, int) and 0 <= number <= 10**9 for number in numbers):
        raise ValueError("an impossible number of requests")
    started, finished = _time(values["started"]), _time(values["finished"])
    return Run(started, finished, numbers[0], values["resolver_works"] is True, outages, numbers[1])


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

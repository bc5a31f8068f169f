"""What was exchanged, as a WARC file (ISO 28500:2017, version 1.1), and a run's answers from one.

A response record holds the status, the headers and the body as it was read: content and transfer
codings undone, so those fields are renamed, and `WARC-Truncated` where more was there. A request
that came to nothing is a metadata record with the fault. The only home of warcio, which is an extra.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from string import printable
from typing import Any
from urllib.parse import quote

from linkcheck import __version__, plain_files, secret
from linkcheck.errors import ReportError, SettingsError
from linkcheck.fetch.pulse import NAME_FAULTS, is_doubtful
from linkcheck.model import Exchange, Fault, Outage, Url

_RUN = "urn:linkcheck:run"
_CODINGS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_WAS = "x-linkcheck-was-"
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_MISSING = "pip install 'linkcheck-crawler[warc]'"


@dataclass(frozen=True, slots=True)
class Run:
    """When a recorded run was, and what it knew of its network."""

    started: datetime
    finished: datetime
    requests: int = 0
    resolver_works: bool = False
    outages: tuple[Outage, ...] = ()
    asked_again: int = 0


class Recorder:
    """Writes exchanges to a WARC file as they are heard."""

    def __init__(self, path: Path) -> None:
        """Raises ReportError where the file cannot be written, SettingsError without warcio."""
        try:
            from warcio.warcwriter import WARCWriter
        except ImportError as error:
            raise SettingsError("--record needs warcio", where="--record", help=_MISSING) from error
        try:
            self._file = plain_files.open_to_overwrite(path)
        except OSError as error:
            words = (error.strerror or str(error)).lower()
            raise ReportError(f"cannot write the recording: {words}", where=str(path)) from error
        self._writer: Any = WARCWriter(self._file, gzip=True, warc_version="1.1")
        info = {"software": f"linkcheck/{__version__}", "format": "WARC File Format 1.1"}
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, info))

    def hear(self, one: Exchange) -> None:
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
        """Write what the run was, and end the file."""
        told = {
            "started": _text(run.started),
            "finished": _text(run.finished),
            "requests": run.requests,
            "resolver_works": run.resolver_works,
            "outages": [[_text(one.start), _text(one.end) if one.end else None] for one in run.outages],
            "asked_again": run.asked_again,
        }
        self._write("metadata", _RUN, json.dumps(told).encode(), None, {"WARC-Date": _text(run.finished)})
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


@dataclass(slots=True)
class Replay:
    """The answers of a recorded run, each given once, in the order in which they came.

    URLs are known without their secrets, which no recording holds.
    """

    run: Run
    answers: dict[tuple[str, bool], deque[Exchange]] = field(default_factory=lambda: defaultdict(deque))

    def has(self, url: str, *, is_lenient: bool = False) -> bool:
        return bool(self.answers.get((secret.masked(url), is_lenient)))

    def is_cut_off(self, url: str) -> bool:
        """Whether the run ended, for want of a network, before `url` was asked."""
        return bool(self.run.outages) and self.run.outages[-1].end is None and not self.has(url)

    def next(self, url: Url, *, is_lenient: bool = False) -> Exchange:
        """The next answer of `url`."""
        if self.has(url, is_lenient=is_lenient):
            return self.answers[secret.masked(url), is_lenient].popleft()
        return Exchange(self.run.started, url, Fault.CLOSED, detail="the recording holds no answer for it")


def _ascii(text: str) -> str:
    """`text` with percent-escapes for what is not ASCII: warcio makes them too, but fails on some fields."""
    return text if text.isascii() else quote(text, safe=printable, errors="replace")


def load(path: Path) -> Replay:
    """The recording in `path`. Raises SettingsError where there is none."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise SettingsError("--replay needs warcio", where="--replay", help=_MISSING) from error
    found, run = list[Exchange](), None
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI")
                if kind == "metadata" and url == _RUN:
                    run = _run(json.loads(record.content_stream().read()))
                elif kind in ("metadata", "response"):
                    found.append(_exchange(record, kind, url))
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise SettingsError(f"cannot read the recording: {words}", where=str(path)) from error
    except (ArchiveLoadFailed, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"this is no recording of linkcheck: {error}", where=str(path)) from error
    if run is None:
        if not found:
            raise SettingsError("this is no recording of linkcheck", where=str(path))
        run = Run(found[0].at, found[-1].at, len(found), resolver_works=True)  # cut short: the run was killed
    replay = Replay(run)
    for one in sorted(found, key=lambda one: one.is_canary):  # a canary's answer is no link's
        replay.answers[secret.masked(one.url), one.is_lenient].append(one)
    for answers in replay.answers.values():
        _leave_out_spoilt(answers, run.outages)
    return replay


def _leave_out_spoilt(answers: deque[Exchange], outages: tuple[Outage, ...]) -> None:
    """Take out what came to nothing and was asked again for that: names that were said not to exist, and what
    failed while our own network was away."""
    kept = [one for at, one in enumerate(answers) if not _is_spoilt(one, at + 1 < len(answers), outages)]
    answers.clear()
    answers.extend(kept)


def _is_spoilt(one: Exchange, is_followed: bool, outages: tuple[Outage, ...]) -> bool:  # noqa: FBT001
    if one.outcome in NAME_FAULTS and is_followed:
        return True
    ended = one.at + timedelta(seconds=one.elapsed_s)
    away = [outage for outage in outages if outage.start <= ended and (outage.end is None or one.at <= outage.end)]
    return is_doubtful(one.outcome) and any(is_followed or outage.end is None for outage in away)


def _exchange(record: Any, kind: str, url: str) -> Exchange:
    head, body = record.rec_headers, record.content_stream().read()
    at = datetime.fromisoformat(head.get_header("WARC-Date"))
    how = head.get_header("X-Linkcheck-Try")
    is_lenient, is_canary = how == "lenient", how == "canary"
    took_s = float(head.get_header("X-Linkcheck-Seconds") or 0.0)
    if kind == "metadata":
        told = json.loads(body)
        return Exchange(
            at, Url(url), Fault(told["fault"]), detail=str(told["detail"]), elapsed_s=took_s, is_lenient=is_lenient,
            is_canary=is_canary,
        )  # fmt: skip
    headers = tuple((name, value) for name, value in record.http_headers.headers if not name.startswith(_WAS))
    trouble = head.get_header("X-Linkcheck-Trouble")
    return Exchange(
        at, Url(url), int(record.http_headers.get_statuscode()), headers=headers, body=body,
        complete=head.get_header("WARC-Truncated") is None, detail=json.loads(trouble) if trouble else "",
        is_lenient=is_lenient, is_canary=is_canary,
    )  # fmt: skip


def _run(told: dict[str, Any]) -> Run:
    started, finished = (datetime.fromisoformat(told[name]) for name in ("started", "finished"))
    outages = tuple(
        Outage(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
        for start, end in told.get("outages", ())
    )
    again = int(told.get("asked_again", 0))
    return Run(started, finished, int(told["requests"]), bool(told["resolver_works"]), outages, again)


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

"""What the settings make of the other parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linkcheck.cli import limits, wiring
from linkcheck.cli.routes import route
from linkcheck.memory import FILE
from linkcheck.settings import ConfigFile, Settings, Trust, load
from tests.answers import link
from tests.memory.values import NOW


def run_settings(**flags: Any) -> Settings:
    return load("run", {"canary": "https://canary.test/", **flags}, {})


@pytest.mark.parametrize(
    ("flags", "uses_memory"),
    [({}, True), ({"no_memory": True}, False), ({"record": "x.warc.gz"}, False), ({"replay": "x.warc.gz"}, False)],
)
def test_recordings_have_no_memory(flags: dict[str, Any], uses_memory: bool) -> None:
    assert wiring.uses_memory(run_settings(**flags)) is uses_memory


def test_hosts_that_stand_in_for_others_are_remembered_apart() -> None:
    plain, other, third = run_settings(), run_settings(connect_to=["a:1:b:2"]), run_settings(dns="127.0.0.1")
    names = [wiring._store_name(one) for one in (plain, other, third)]
    assert names[0] == FILE
    assert len(set(names)) == 3
    assert all(name.endswith(FILE) for name in names)


def test_the_memory_is_where_it_was_named(tmp_path: Path) -> None:
    with wiring.store(run_settings(memory=str(tmp_path / "m")), None, 7) as store:
        store.recall([], NOW)
    assert (tmp_path / "m").is_dir()


def test_a_repository_has_its_reports_in_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert wiring.reports_folder(run_settings(reports="/x"))._within is None
    for found in (load("run", {}, {}), load("run", {}, {}, [ConfigFile("l.toml", {"reports": "r"}, Trust.REPOSITORY)])):
        assert wiring.reports_folder(found)._within == tmp_path


@pytest.mark.parametrize(("waits", "away_s"), [(True, 12.0), (False, 0.0)])
def test_how_to_ask(monkeypatch: pytest.MonkeyPatch, waits: bool, away_s: float) -> None:
    monkeypatch.setattr(limits, "open_files", lambda wanted: limits.OpenFiles(wanted, 9, 0))
    settings = run_settings(timeout="4", attempts="2", max_wait="30", per_host="3", connect_to=["a:1:b:2"])
    found = wiring._fetch_options(settings, route(settings), 10, waits=waits)
    assert (found.timeout_s, found.connect_timeout_s, found.away_s, found.keep) == (4.0, 4.0, away_s, 9)
    assert (found.limits.attempts, found.limits.retry_after_s, found.pace.slots) == (2, 30.0, 3)
    assert (found.connect_to[0].host, found.canary) == ("a", "https://canary.test/")
    assert "export.arxiv.org" in found.paces
    slow = run_settings(timeout="60")
    assert wiring._fetch_options(slow, route(slow), 10, waits=waits).connect_timeout_s == 10.0


@pytest.mark.parametrize(("number", "is_said"), [(100, True), (20, False)])
def test_fewer_requests_at_a_time_are_said_where_they_count(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, is_said: bool
) -> None:
    monkeypatch.setattr(limits, "open_files", lambda _: limits.OpenFiles(20, 9, 64))
    assert wiring._open_files(256, number).concurrency == 20
    message = "linkcheck: requests at a time: 20, not 256, since 64 files may be open (ulimit -n)\n"
    assert capsys.readouterr().err == (message if is_said else "")


def test_the_choice_is_the_users() -> None:
    choice = wiring.choice(run_settings(exclude=["a.test"]))
    assert choice.leaves_out(link("https://a.test/").url)
    assert not choice.leaves_out(link("https://b.test/").url)

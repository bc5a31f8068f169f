from __future__ import annotations

from linkcheck.contracts import Format, Observer, listener
from tests.answers import report


class Progress(Observer):
    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def on_progress(self, done: int, total: int) -> None:
        self.seen.append((done, total))


def test_who_does_not_listen_is_not_called() -> None:
    assert listener([], "on_progress") is None
    assert listener([Observer(), Progress()], "on_exchange") is None


def test_all_who_listen_are_called() -> None:
    one, other = Progress(), Progress()
    for observers in ([one], [one, Observer(), other]):
        call = listener(observers, "on_progress")
        assert call
        call(1, 2)
    assert (one.seen, other.seen) == ([(1, 2)] * 2, [(1, 2)])


def test_an_observer_takes_what_it_does_not_listen_to() -> None:
    Observer().on_progress(1, 2)


def test_a_format_renders_its_pieces() -> None:
    form = Format("x", ".x", lambda found: (str(len(found.checked)), "!"))
    assert form.render(report()) == "0!"

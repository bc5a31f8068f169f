"""The scheduler with a simulated clock: who may start when."""

from __future__ import annotations

import random

from linkcheck.fetch.host import Hosts, Refusal, RefusalCount
from linkcheck.fetch.lanes import Lanes
from linkcheck.fetch.throttle import Requeue
from linkcheck.model import Pace


def lanes(total: int = 10, slots: int = 2, **paces: Pace) -> Lanes[str]:
    hosts = Hosts(Pace(slots), {name.replace("_", "."): pace for name, pace in paces.items()})
    return Lanes(total=total, hosts=hosts)


def answer(found: Lanes[str], host: str, started: float = 0.0, now: float = 0.0) -> None:
    found.note_answer(host, started, now)


def refuse(found: Lanes[str], host: str, started: float, now: float, asked_s: float) -> Requeue:
    refusal = found.note_refusal(host, Refusal(429, started, now, asked_s), RefusalCount())
    assert refusal
    return refusal


def take_all(found: Lanes[str], now: float = 0.0) -> list[str]:
    taken = []
    while (ticket := found.take(now)) is not None:
        taken.append(ticket)
    return taken


def test_a_host_gets_one_probe_until_it_has_answered() -> None:
    found = lanes()
    for n in range(9):
        found.put(f"a{n}", "a")
    assert take_all(found) == ["a0"]
    answer(found, "a")
    assert take_all(found) == ["a1"]
    found.free("a")
    assert take_all(found) == ["a2"]


def test_a_short_lane_stays_on_its_one_connection() -> None:
    found = lanes(slots=8)
    for n in range(60):
        found.put(f"long{n}", "long")
    for n in range(4):
        found.put(f"short{n}", "short")
    take_all(found)
    answer(found, "long")
    answer(found, "short")
    taken = take_all(found)
    assert len([ticket for ticket in taken if ticket.startswith("long")]) == 7
    assert [ticket for ticket in taken if ticket.startswith("short")] == []


def test_connections_that_are_there_are_used_to_the_end() -> None:
    found = lanes(slots=8)
    for n in range(20):
        found.put(str(n), "a")
    take_all(found)
    answer(found, "a")
    at_once = 1 + len(take_all(found))
    assert 1 < at_once < 8
    while found.waiting >= at_once:
        for _ in range(at_once):
            found.free("a")
        assert len(take_all(found)) == at_once


def limited_at_once(waiting: int) -> Lanes[str]:
    """Host `a` has refused its first request until 2.0, and answered the second."""
    found = lanes(total=100, slots=8)
    for n in range(waiting + 1):
        found.put(str(n), "a")
    assert found.take(0.0) == "0"
    assert refuse(found, "a", 0.0, 0.0, 2.0).until == 2.0
    found.free("a")
    assert take_all(found, 1.9) == []
    assert take_all(found, 2.0) == ["1"]
    answer(found, "a", 2.0, 2.1)
    found.free("a")
    return found


def test_a_host_that_said_when_gets_what_is_left_at_once() -> None:
    assert len(take_all(limited_at_once(29), 2.1)) == 28


def test_a_long_lane_is_not_sent_at_once() -> None:
    assert len(take_all(limited_at_once(100), 2.1)) <= 8


def test_a_host_that_is_closed_wakes_when_it_opens() -> None:
    found = lanes(slots=8)
    for n in range(9):
        found.put(str(n), "a")
    take_all(found)
    refuse(found, "a", 0.0, 0.1, 4.9)
    refuse(found, "a", 0.0, 0.2, 3.0)  # in flight at that time: a wait that was set is not made shorter
    found.free("a")
    assert found.take(4.9) is None
    assert found.wakes_at() == 5.0
    assert found.take(5.0) == "1"


def test_a_refusal_costs_no_other_host_anything() -> None:
    found = lanes(total=10, slots=8)
    for n in range(20):
        found.put(f"a{n}", "a")
    take_all(found)
    refuse(found, "a", 0.0, 0.0, 60.0)
    found.free("a")
    found.put("b", "b")
    assert take_all(found, 0.1) == ["b"]


def test_urls_that_wait_for_their_own_time_bound_how_many_more_are_tried() -> None:
    """In a trial four URLs may have been refused; the next starts when one of them has its turn."""
    found = lanes(total=100, slots=8)
    for n in range(30):
        found.put(str(n), "a")
    take_all(found)
    throttle = found._lane("a").host.throttle
    answer(found, "a", 0.0, 0.1)
    found.free("a")
    throttle.refusals, throttle.closed_until = 1, 0.0
    throttle._begin_trial()
    first = take_all(found, 0.2)
    assert len(first) == 4
    for ticket in first:
        refusal = refuse(found, "a", 0.2, 0.3, 1.0)
        assert refusal.until == 1.3
        found.free("a")
        found.put(ticket, "a", not_before=refusal.until, first=True)
    assert take_all(found, 1.0) == []
    assert take_all(found, 1.3) == first


def test_a_registrable_domain_has_slots_of_its_own() -> None:
    found: Lanes[str] = Lanes(
        total=100, hosts=Hosts(Pace(8)), domain_of=lambda host: host.partition(".")[2] or host, domain_slots=3
    )
    for n in range(20):
        found.put(f"h{n}.example", f"h{n}.example")
    found.put("other", "other")
    taken = take_all(found)
    assert sorted(taken) == ["h0.example", "h1.example", "h2.example", "other"]
    found.free("other")
    assert take_all(found) == []
    found.free("h1.example")
    assert take_all(found) == ["h3.example"]


def test_when_enough_hosts_wait_warm_they_are_served_before_new_ones() -> None:
    found: Lanes[str] = Lanes(total=10, hosts=Hosts(Pace(2)), warm=1)
    found.put("a0", "a")
    found.put("a1", "a")
    assert found.take(0.0) == "a0"
    answer(found, "a")
    found.free("a")
    found.put("b0", "b")
    assert found.take(0.0) == "a1"


def test_other_hosts_do_not_wait_behind_a_long_lane() -> None:
    found = lanes()
    for n in range(300):
        found.put(f"a{n}", "a")
    found.put("b0", "b")
    found.put("c0", "c")
    assert sorted(take_all(found)) == ["a0", "b0", "c0"]


def test_the_longest_lane_starts_first() -> None:
    found = lanes(total=1)
    found.put("short", "s")
    for n in range(3):
        found.put(f"long{n}", "l")
    # the lane was offered when it held one ticket; what counts is who waits when a slot is free
    assert found.take(0.0) in ("short", "long0")


def test_the_total_holds_over_all_hosts() -> None:
    found = lanes(total=3)
    for n in range(9):
        found.put(str(n), f"host{n}")
    assert len(take_all(found)) == 3
    assert (found.in_flight, found.waiting) == (3, 6)


def test_an_interval_lies_between_two_starts() -> None:
    found = lanes(api=Pace(slots=1, interval_s=3.0))
    found.put("1", "api")
    found.put("2", "api")
    assert found.take(0.0) == "1"
    found.free("api")
    assert found.take(2.9) is None
    assert found.take(3.0) == "2"


def test_a_ticket_for_later_waits_without_a_slot() -> None:
    found = lanes(total=1)
    found.put("later", "a", not_before=10.0)
    found.put("now", "a")
    assert found.take(0.0) == "now"
    found.free("a")
    assert found.take(9.9) is None
    assert found.wakes_at() == 10.0
    assert found.take(10.0) == "later"


def test_the_first_overtakes_its_lane() -> None:
    found = lanes()
    found.put("a", "a")
    found.put("b", "a", first=True)
    assert found.take(0.0) == "b"


def test_a_dropped_lane_gives_everything_back() -> None:
    found = lanes()
    found.put("a", "a")
    found.put("c", "a", not_before=9.0)
    found.put("b", "a", not_before=8.0)
    assert found.drop("a") == ["a", "b", "c"]
    assert (found.waiting, take_all(found, 20.0)) == (0, [])
    assert found.drop("unknown") == []


def test_a_silent_probe_is_followed_by_one_of_another_ticket() -> None:
    found: Lanes[str] = Lanes(total=10, hosts=Hosts(Pace(4)), patience_s=5.0)
    for n in range(9):
        found.put(str(n), "a")
    assert found.take(0.0) == "0"
    assert found.take(4.9) is None
    assert found.wakes_at() == 5.0
    assert found.take(5.0) == "1"
    assert found.take(50.0) is None
    found.narrow("a")
    found.free("a")
    assert found.take(51.0) is None  # the other probe is still out
    found.free("a")
    assert found.take(52.0) == "2"
    assert found.waits("a")
    assert not found.waits("b")


def test_nothing_waits_for_ever_and_no_bound_is_broken() -> None:
    """A simulated run of 2,000 tickets on 40 hosts with random times, holds and delays."""
    chance = random.Random(7)
    found: Lanes[str] = Lanes(
        total=16, hosts=Hosts(Pace(3), {"h0": Pace(1, 0.5)}), domain_of=lambda host: host[:2], domain_slots=5
    )
    hosts = [f"h{n}" for n in range(40)]
    for n in range(2000):
        host = chance.choice(hosts)
        found.put(f"{host} {n}", host, not_before=chance.choice([0.0, 0.0, chance.uniform(0, 20)]))
    now, running, done = 0.0, list[tuple[float, str]](), 0
    opened: set[str] = set()
    started: dict[str, float] = {}
    while found.waiting or running:
        while (ticket := found.take(now)) is not None:
            host = ticket.split()[0]
            if host == "h0":
                assert now - started.get(host, -1.0) >= 0.5
            started[host] = now
            running.append((now + chance.uniform(0.01, 0.5), host))
            of_host = sum(1 for _, other in running if other == host)
            assert len(running) <= 16
            assert sum(1 for _, other in running if other[:2] == host[:2]) <= 5
            assert of_host <= (1 if host == "h0" or host not in opened else 3)
        ends = min((end for end, _ in running), default=float("inf"))
        now = min(ends, found.wakes_at() or float("inf")) if found.waiting else ends
        for end, host in [run for run in running if run[0] <= now]:
            running.remove((end, host))
            done += 1
            found.free(host)
            opened.add(host)
            if chance.random() < 0.02:
                refuse(found, host, now, now, 1.0)
            answer(found, host, now, now)
    assert done == 2000

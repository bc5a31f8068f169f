"""Are refusals about the URLs, each for itself? What a trial makes of them."""

from __future__ import annotations

from linkcheck.fetch.trial import Trial, TrialOutcome


def test_a_trial_fails_when_who_comes_again_is_refused_again() -> None:
    trial = Trial()
    assert [trial.refused(1) for _ in range(5)] == [TrialOutcome.GOES_ON] * 5
    assert trial.refused(1) is TrialOutcome.FAILED


def test_a_trial_lets_more_in_with_each_that_is_answered() -> None:
    trial = Trial()
    trial.answered(1)
    trial.answered(1)
    assert trial.allowance == 12
    assert trial.is_trusted


def test_a_url_that_is_refused_twice_does_not_fail_a_trial_where_every_url_is() -> None:
    trial = Trial()
    trial.answered(2)
    assert {trial.refused(1) for _ in range(100)} == {TrialOutcome.GOES_ON}
    trial.answered(1)  # one was not
    assert TrialOutcome.FAILED in {trial.refused(1) for _ in range(100)}


def test_a_trial_lets_more_in_while_nothing_is_refused() -> None:
    trial = Trial()
    for _ in range(32):
        trial.answered(0)
    assert trial.allowance == 12
    trial.refused(0)
    for _ in range(15):
        trial.answered(0)
    assert trial.allowance == 12


def test_what_counts_against_a_url_needs_more_than_a_lucky_answer() -> None:
    trial = Trial()
    trial.answered(1)
    assert (trial.is_trusted, trial.is_certain) == (True, False)


def test_refusals_in_a_row_after_answers_in_a_row_are_a_quota() -> None:
    trial = Trial()
    for _ in range(40):
        trial.answered(0)
    outcomes = [trial.refused(0) for _ in range(5)]
    assert outcomes == [TrialOutcome.GOES_ON] * 4 + [TrialOutcome.QUOTA]


def test_where_every_first_request_is_refused_there_is_no_row() -> None:
    trial = Trial()
    assert {trial.refused(0) for _ in range(100)} == {TrialOutcome.GOES_ON}

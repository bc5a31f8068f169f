"""Fuzzing: strangers' bytes, changed at random and guided by the branches that they reach.

`make fuzz` gives every function of `targets.py` some seconds (`FUZZ_SECONDS`, 10 each); the suite gives each a few hundred
inputs that are always the same. What fails is kept in `tests/hostile/crashes/TARGET/` and replayed by a test for ever.
A new target is one function.
"""

"""Attacks by pages, lists, repositories and peers, each against the installed program.

Whatever an attack does, it loses no more than its own verdict: two honest links of the same list are `ok`, the program
ends by itself with 0 or 1 within bounds of memory and time, and without a traceback.
"""

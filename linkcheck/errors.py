"""The errors a user can act on. Network trouble is not here: it is a `model.Fault`."""

from __future__ import annotations


class LinkcheckError(Exception):
    """What happened, where, and what to do about it; the command line prints it and exits 2.

    `what` is lower case and neutral; `where` is a place such as `pyproject.toml
    [tool.linkcheck]`; `help` is an imperative. Both may be empty.
    """

    def __init__(self, what: str, *, where: str = "", help: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.help = help


class InputError(LinkcheckError):
    """An input cannot be read."""


class SettingsError(LinkcheckError):
    """A setting is unknown or has an impossible value."""


class ReportError(LinkcheckError):
    """A report cannot be written."""


class OutputError(LinkcheckError):
    """The result cannot be printed."""


class InstallationError(LinkcheckError):
    """A file or folder of linkcheck itself cannot be read."""


class LimitError(LinkcheckError):
    """The process lacks a system resource."""


def reason(error: OSError) -> str:
    """The system's message, to be put in a sentence."""
    return (error.strerror or str(error)).lower()

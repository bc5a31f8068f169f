"""The formats of a report: every module here with a FORMAT is one."""

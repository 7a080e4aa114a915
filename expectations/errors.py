"""Errors in suites, with messages for the person who edits them."""


class SuiteError(Exception):
    """A suite's file cannot be read as one; the message names the file and the cause."""

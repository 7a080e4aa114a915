"""What can be wrong with a suite, in words for the person who edits it."""


class SuiteError(Exception):
    """A suite's file cannot be read as one; the message names the file and the cause."""

"""Errors of the package."""


class MetricsError(Exception):
    """A query failed; the message says why in one sentence."""

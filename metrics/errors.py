"""What the package raises for its callers."""


class MetricsError(Exception):
    """A query cannot be answered; the message says why, in a sentence."""

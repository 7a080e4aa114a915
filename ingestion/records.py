"""What holds for a record of any source: how large it may be, its times, and texts with half an emoji."""

LARGEST_RECORD = 1024 * 1024
DEEPEST = 32
# The start is kept of a value or record that is larger, if there may be many: the sender has the rest.
KEPT_OF_LARGE = 4096
# So many bytes of rejects that are larger than a record may be are kept whole, in a group of files.
LARGE_REJECTS = 256 * 1024 * 1024
# A time that is further ahead of the run is a mistake.
FUTURE = "INTERVAL 48 HOURS"
_OFFSET = r"(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
ISO_WITH_OFFSET = rf"\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?{_OFFSET}"
# Dates of Python, and of most programs that read the warehouse, are within these years.
WITHIN_CALENDAR = (
    "BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
)


def joined(text: str) -> str:
    """Return a text with halves of surrogate pairs joined, and U+FFFD for each that stands alone."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def decoded(line: bytes) -> str | None:
    """Decode UTF-8, and halves of surrogate pairs that some encoders write in three bytes; None for other bytes."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        pass
    try:
        return joined(line.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return None

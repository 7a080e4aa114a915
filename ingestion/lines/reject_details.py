"""The sentence that goes with the reason of a rejected message."""

from ingestion.lines.json_checks import DEEPEST
from ingestion.lines.judge import INSTANTS, LARGEST_RECORD
from ingestion.surrogates import with_whole_escapes
from ingestion.workbench import quoted

_SENTENCES = {
    "unreadable_bytes": "The line holds bytes that are not UTF-8 text; they are shown as \\xff.",
    "truncated_gzip": "The gzip stream breaks here; the lines before the break are loaded.",
    "record_too_large": f"The record is larger than {LARGEST_RECORD // 1024**2} MiB.",
    "unreadable_file": "The file cannot be read within the memory that ingestion has. It is not tried again until it"
    " changes.",
    "not_json": "The line is not JSON.",
    "not_an_object": "The line is JSON, but not an object.",
    "nested_too_deep": f"The record is nested deeper than {DEEPEST} levels.",
    "message_with_batch": "The line is a message, with a messageId and a type, and also holds a batch of messages.",
    "missing_message_id": "The message has no messageId.",
    "missing_type": "The message has no type.",
    "missing_timestamp": "The message has no time: no timestamp, originalTimestamp, sentAt or receivedAt.",
    "type_mismatch": "An id, name or type of the message is an object or a list.",
}
# The record is kept as it came, with halves of surrogate pairs that make it no JSON.
_READABLE = f"if(json_valid(record), record, {with_whole_escapes('record')})"
_TIMES = ", ".join(
    f"{quoted(key + ' ')} || json_extract_string({_READABLE}, {quoted('$.' + key)})" for key in INSTANTS
)
_ALL_TIMES = f"concat_ws(', ', {_TIMES})"


def _cases() -> str:
    fixed = " ".join(f"WHEN {quoted(reason)} THEN {quoted(text)}" for reason, text in _SENTENCES.items())
    bad = f"'A time is not ISO 8601 with an offset (Z or +hh:mm): ' || {_ALL_TIMES} || '.'"
    late = f"'The message is more than 48 hours ahead of this run: ' || {_ALL_TIMES} || '.'"
    return f"CASE reason {fixed} WHEN 'bad_timestamp' THEN {bad} WHEN 'timestamp_in_future' THEN {late} END"


EVENT_DETAIL = _cases()

RECORD_SENTENCES = {
    **{reason: _SENTENCES[reason] for reason in ("unreadable_bytes", "truncated_gzip", "record_too_large")},
    "wrong_column_count": "The row does not have as many values as the header has columns.",
    "not_csv": "The line is no row of a CSV file: a stray line end, or a value longer than 128 KiB.",
    "not_json": "The record is not JSON.",
    "not_an_object": "The record is not an object.",
}

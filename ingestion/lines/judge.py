r"""The judgement on landed lines, as one pass of SQL: a message with its columns, or a reason against it.

    lines (file, line, text, fault) ─ checked as JSON ─ parsed once ─ typed ─ reason

An envelope of the HTTP batch API, ``{"batch": […], "context": …, "sentAt": …}``, is opened in a second pass:
each of its messages gets the envelope's context and times where it has none of its own, and is judged like a
line. A line that is both a message, with an id and a type, and an envelope is rejected: only its sender knows
what was meant. Each step refers to the results of the one before, never twice to an expression: DuckDB would
compute it twice.
"""

import json
from collections.abc import Mapping

from ingestion.lines.json_checks import DEEPEST, brackets, is_deep, is_lenient, seems_lenient
from ingestion.lines.repeated_keys import has_other_keys, key_count, repeated_keys
from ingestion.surrogates import has_half, with_whole_escapes
from ingestion.workbench import Workbench, quoted

LARGEST_RECORD = 1024 * 1024
# What is kept of a value or record that is larger, where there may be many: the sender has the rest.
KEPT_OF_LARGE = 4096
FUTURE = "INTERVAL 48 HOURS"
BLANK, ENVELOPE = "blank", "envelope"
NOT_RECORDS = f"({quoted(BLANK)}, {quoted(ENVELOPE)})"

IDS = {
    "messageId": "message_id",
    "type": "type",
    "event": "event",
    "name": "name",
    "anonymousId": "anonymous_id",
    "userId": "user_id",
    "previousId": "previous_id",
    "groupId": "group_id",
}
INSTANTS = {
    "timestamp": "timestamp",
    "originalTimestamp": "original_timestamp",
    "sentAt": "sent_at",
    "receivedAt": "received_at",
}
DOCUMENTS = ("context", "properties", "traits")
# Fields of the libraries' wire formats that describe how a message travelled; none of them is read or reported.
OF_TRANSPORT = (
    *("integrations", "version", "channel", "writeKey", "projectId", "metadata", "_metadata"),
    *("rudderId", "request_ip", "requestIp"),
)
# Times of an envelope that hold for those of its messages that have none of their own.
SHARED_TIMES = {name: f"envelope_{INSTANTS[name]}" for name in ("timestamp", "sentAt", "receivedAt")}

_OFFSET = r"(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
ISO_WITH_OFFSET = rf"\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?{_OFFSET}"
# What a date of Python, and of most that read the warehouse, can be.
WITHIN_CALENDAR = (
    "BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
)
# Go and .NET write this instant for a time that was never set.
_UNSET = r"0001-01-01T00:00:00(?:\.0+)?(?:Z|[+]00:?00)?"
_BLANKS = "E' \\t\\r\\n'"
# The fields of a message that are read, or known to say nothing.
KNOWN = (*IDS, *INSTANTS, *DOCUMENTS, *OF_TRANSPORT)


def make_judged(bench: Workbench) -> None:
    """Make the empty table ``judged``: a row a line, or a row a message of an envelope.

    ``reason`` is null for a message that can be loaded; ``record`` is the text of what cannot. ``repeated``
    names the fields that a message holds more than once; the first value of such a field is read.
    """
    fields = [
        "file_no INTEGER, line_no BIGINT, item_no BIGINT",
        *(f"{name} VARCHAR" for name in IDS.values()),
        *(f'"{name}" TIMESTAMP WITH TIME ZONE' for name in INSTANTS.values()),
        *(f"{name} VARCHAR" for name in DOCUMENTS),
        "extras VARCHAR, record_hash VARCHAR, reason VARCHAR, record VARCHAR, repeated VARCHAR[]",
    ]
    bench.run(f"CREATE OR REPLACE TEMPORARY TABLE judged ({', '.join(fields)})")


def judge(
    bench: Workbench,
    lines: str,
    future: str,
    shared_times: Mapping[str, str] | None = None,
    *,
    keeps_large: bool = True,
) -> None:
    """Add the judgement on ``lines`` to ``judged``.

    ``lines`` is a query for file_no, line_no, item_no (0 for a whole line), line and fault, with the columns of
    ``shared_times`` (by the field that they stand in for); ``future`` is the SQL of the instant after which a
    timestamp is a mistake. Unless it ``keeps_large``, of rejects that are larger than a record may be it keeps the
    start.
    """
    judgement = _judgement(lines, future, shared_times or {}, keeps_large=keeps_large)
    bench.run(f"INSERT INTO judged BY NAME {judgement}")


def open_envelopes(bench: Workbench, future: str) -> None:
    """Judge the messages in the envelopes that ``judged`` holds and that are not opened; items count from 1."""
    waiting = f"reason = {quoted(ENVELOPE)} AND item_no = 0 AND record IS NOT NULL"
    times = ", ".join(f'envelope."{key}" AS {name}' for key, name in SHARED_TIMES.items())
    fields = ", ".join(f'"{key}": "VARCHAR"' for key in SHARED_TIMES)
    opened = f"""
        SELECT file_no, line_no, item_no, {_with_context("message", "context")}::VARCHAR AS line,
            NULL::VARCHAR AS fault, {", ".join(SHARED_TIMES.values())}
        FROM (
            SELECT file_no, line_no, generate_subscripts(envelope.batch, 1) AS item_no,
                coalesce(unnest(envelope.batch), 'null') AS message, {times},
                CASE WHEN json_type(envelope.context) = 'OBJECT' THEN envelope.context END AS context
            FROM (
                SELECT file_no, line_no,
                    from_json(record, '{{"batch": ["JSON"], "context": "JSON", {fields}}}') AS envelope
                FROM judged WHERE {waiting}))"""
    if bench.number(f"SELECT count(*) FROM judged WHERE {waiting}"):
        judge(bench, opened, future, SHARED_TIMES)
        # An envelope is opened once, and then its text is in its messages.
        bench.run(f"UPDATE judged SET record = NULL WHERE {waiting}")


def _with_context(message: str, context: str) -> str:
    """Add an envelope's context to a message, field by field at any depth; the message's own values win.

    What the message has for a context may also be null or, from PHP, an empty list.
    """
    own = f"json_extract({message}, '$.context')"
    merged = (
        f"CASE WHEN json_type({own}) = 'OBJECT' THEN json_merge_patch({context}, {own}) ELSE {context} END"
    )
    return (
        f"CASE WHEN {context} IS NULL OR json_type({message}) <> 'OBJECT' THEN {message}"
        f" ELSE json_merge_patch({message}, json_object('context', {merged})) END"
    )


def _judgement(lines: str, future: str, shared_times: Mapping[str, str], *, keeps_large: bool) -> str:
    texts = {name: f"text_{name}" for name in INSTANTS.values()}
    shared_timestamp = _set_time(shared_times.get("timestamp", "NULL::VARCHAR"))
    unread = [f'(text_{name} IS NOT NULL AND "{name}" IS NULL)' for name in texts if name != "timestamp"]
    kept = ", ".join(
        f'{quoted(key)}, CASE WHEN "{name}" IS NULL THEN {texts[name]} END'
        for key, name in INSTANTS.items()
        if name != "timestamp"
    )
    start = f"if(strlen(given) > {LARGEST_RECORD}, left(given, {KEPT_OF_LARGE}), given)"
    rejected = "given" if keeps_large else start
    return f"""
        WITH lines AS ({lines}),
        trimmed AS (SELECT * EXCLUDE (line), {_trimmed("line")} AS given FROM lines),
        tried AS (SELECT *, CASE WHEN fault IS NULL THEN json_valid(given) END AS is_json FROM trimmed),
        repaired AS (
            SELECT * EXCLUDE (is_json),
                CASE WHEN is_json = false AND {has_half("given")} THEN {with_whole_escapes("given")}
                    ELSE given END AS text,
                CASE WHEN is_json THEN true
                    WHEN {has_half("given")} THEN json_valid({with_whole_escapes("given")})
                    ELSE false END AS is_json
            FROM tried),
        checked AS (
            SELECT * EXCLUDE (fault, is_json),
                CASE WHEN fault IS NOT NULL THEN fault
                    WHEN text IS NULL OR text = '' THEN {quoted(BLANK)}
                    WHEN strlen(text) > {LARGEST_RECORD} THEN {_fault_of_large()}
                    WHEN NOT is_json THEN 'not_json'
                    WHEN {seems_lenient()} AND {is_lenient()} THEN 'not_json'
                    WHEN text[1] <> '{{' THEN 'not_an_object'
                    WHEN {brackets()} > {DEEPEST} THEN
                        CASE WHEN {is_deep()} AND NOT {_is_envelope()} THEN 'nested_too_deep' END
                END AS fault
            FROM repaired),
        parsed AS (
            SELECT *, md5(text) AS record_hash,
                CASE WHEN fault IS NULL THEN from_json(text, {quoted(_structure())}) END AS message,
                CASE WHEN fault IS NULL THEN json_keys(text) END AS keys
            FROM checked),
        fields AS (
            SELECT file_no, line_no, item_no, given, text, fault, record_hash, keys,
                {", ".join(f'message."{key}" AS {name}' for key, name in IDS.items())},
                {", ".join(f"{_given(key, shared_times)} AS {texts[name]}" for key, name in INSTANTS.items())},
                {shared_timestamp} AS text_shared_timestamp,
                {", ".join(f"message.{name}::VARCHAR AS {name}" for name in DOCUMENTS)},
                message.batch::VARCHAR AS batch,
                NOT {_opens()} AS is_message
            FROM parsed),
        counted AS (SELECT *, {key_count("keys", KNOWN)} AS key_count FROM fields),
        typed AS (
            SELECT * EXCLUDE (keys, key_count, is_message),
                {repeated_keys("keys", "key_count")} AS repeated,
                CASE WHEN is_message AND {has_other_keys("key_count")} THEN {_extras()} END AS extras,
                {_instant("text_shared_timestamp")} AS shared_timestamp,
                {", ".join(f'{_instant(text)} AS "{name}"' for name, text in texts.items())}
            FROM counted),
        dated AS (
            SELECT * REPLACE (
                CASE WHEN text_timestamp IS NOT NULL THEN "timestamp"
                    WHEN text_original_timestamp IS NOT NULL THEN original_timestamp
                    WHEN text_shared_timestamp IS NOT NULL THEN shared_timestamp
                    ELSE coalesce(sent_at, received_at) END AS "timestamp",
                CASE WHEN {" OR ".join(unread)}
                    THEN json_merge_patch(coalesce(extras, '{{}}'), json_object({kept}))::VARCHAR
                    ELSE extras END AS extras)
            FROM typed),
        judged AS (
            SELECT *,
                CASE WHEN fault IS NOT NULL THEN fault
                    WHEN item_no = 0 AND batch[1] = '['
                        AND (message_id IS NULL OR coalesce(trim(type), '') = '') THEN {quoted(ENVELOPE)}
                    WHEN message_id IS NOT NULL AND batch[1] = '[' AND batch <> '[]' THEN 'message_with_batch'
                    WHEN coalesce(trim(message_id), '') = '' THEN 'missing_message_id'
                    WHEN coalesce(trim(type), '') = '' THEN 'missing_type'
                    WHEN "timestamp" IS NULL THEN
                        CASE WHEN coalesce(text_shared_timestamp, {", ".join(texts.values())}) IS NULL
                            THEN 'missing_timestamp' ELSE 'bad_timestamp' END
                    WHEN "timestamp" > {future} THEN 'timestamp_in_future'
                    WHEN {_is_misfit()} THEN 'type_mismatch'
                END AS reason
            FROM dated)
        SELECT * EXCLUDE (
                given, text, fault, batch, text_shared_timestamp, shared_timestamp, {", ".join(texts.values())}),
            CASE WHEN reason = {quoted(ENVELOPE)} THEN text WHEN reason IS NOT NULL THEN {rejected} END AS record
        FROM judged"""


def _structure() -> str:
    """Write what is read of a message: scalars as text, whatever their type, and documents as they are."""
    scalars = ", ".join(f'"{key}": "VARCHAR"' for key in (*IDS, *INSTANTS))
    documents = ", ".join(f'"{key}": "JSON"' for key in (*DOCUMENTS, "batch"))
    return f"{{{scalars}, {documents}}}"


def _extras() -> str:
    """Keep the fields that no column holds; a ``batch`` that is no list of messages is one."""
    # A merge patch takes away what it has null for.
    without = json.dumps(dict.fromkeys(KNOWN))
    return f"json_merge_patch(text, {quoted(without)})::VARCHAR"


def _given(key: str, shared_times: Mapping[str, str]) -> str:
    own = _set_time(f'message."{key}"')
    shared = key in shared_times and key != "timestamp"
    return f"coalesce({own}, {_set_time(shared_times[key])})" if shared else own


def _set_time(text: str) -> str:
    trimmed = f"trim({text}, {_BLANKS})"
    # Most times need no second look.
    return (
        f"CASE WHEN starts_with({text}, '2') AND ends_with({text}, 'Z') THEN {text}"
        f" WHEN {trimmed} = '' OR (starts_with({trimmed}, '0001-01-01T')"
        f" AND regexp_full_match({trimmed}, {quoted(_UNSET)})) THEN NULL ELSE {trimmed} END"
    )


def _instant(text: str) -> str:
    is_whole = f"regexp_full_match({text}, {quoted(ISO_WITH_OFFSET)})"
    instant = f"try_cast({text} AS TIMESTAMP WITH TIME ZONE)"
    # Of four-digit years, only the first and the last reach over the edges of the calendar.
    at_edge = f"(starts_with({text}, '000') OR starts_with({text}, '9999'))"
    return (
        f"CASE WHEN NOT {is_whole} THEN NULL"
        f" WHEN {at_edge} THEN CASE WHEN {instant} {WITHIN_CALENDAR} THEN {instant} END ELSE {instant} END"
    )


def _opens() -> str:
    """Recognise an envelope, whose content is in its messages; copying it would cost for nothing."""
    starts = "coalesce(starts_with(message.batch::VARCHAR, '['), false)"
    blank = "(message.\"messageId\" IS NULL OR coalesce(trim(message.type), '') = '')"
    return f"(item_no = 0 AND {blank} AND {starts})"


def _is_envelope() -> str:
    no_id = "coalesce(json_type(text, '$.messageId'), 'NULL') = 'NULL'"
    no_type = "coalesce(trim(json_extract_string(text, '$.type')), '') = ''"
    return f"(json_type(text, '$.batch') = 'ARRAY' AND ({no_id} OR {no_type}))"


def _fault_of_large() -> str:
    return (
        "CASE WHEN NOT json_valid(text) THEN 'record_too_large'"
        f" WHEN NOT coalesce({_is_envelope()}, false) THEN 'record_too_large' END"
    )


def _trimmed(line: str) -> str:
    """Take blanks and carriage returns off, where there are any: looking costs a tenth of doing it."""
    clean = f"starts_with({line}, '{{') AND ends_with({line}, '}}')"
    return f"CASE WHEN {clean} THEN {line} ELSE trim({line}, {_BLANKS}) END"


def _is_misfit() -> str:
    """Tell that an id is an object or a list; a text may begin with a bracket too."""
    checks = [
        f"CASE WHEN left({name}, 1) IN ('{{', '[') THEN json_type(text, '$.{key}') IN ('OBJECT', 'ARRAY')"
        " ELSE false END"
        for key, name in IDS.items()
    ]
    return " OR ".join(checks)

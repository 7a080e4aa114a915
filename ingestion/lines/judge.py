"""The judgement on landed lines, in SQL: a message with its columns, or a reason against it (judge.sql).

An envelope of the HTTP batch API, ``{"batch": […], "context": …, "sentAt": …}``, is opened in a second pass:
each of its messages gets the envelope's context and times where it has none of its own, and is judged like a
line. A line that is both a message, with an id and a type, and an envelope is rejected: only its sender knows
what was meant.
"""

from functools import cache
from pathlib import Path
from string import Template

from ingestion.load.fields import listed
from ingestion.load.rejects import sentence_of
from ingestion.records import DEEPEST, ISO_WITH_OFFSET, KEPT_OF_LARGE, LARGEST_RECORD, WITHIN_CALENDAR
from ingestion.run import Workbench

# Lines that are no records: they do not count as read.
NOT_RECORDS = "('blank', 'envelope')"
# The fields of a message that are read, with the columns that they become.
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
INSTANTS = ("timestamp", "originalTimestamp", "sentAt", "receivedAt")
DOCUMENTS = ("context", "properties", "traits")
_WAITING = "reason = 'envelope' AND item_no = 0 AND record IS NOT NULL"
_NO_ENVELOPE = ", ".join(
    f"NULL::VARCHAR AS envelope_{name}" for name in ("timestamp", "sent_at", "received_at")
)
# The record of a reject is kept as it came, with halves of surrogate pairs that make it no JSON.
_TIMES = "times_in(if(json_valid(record), record, with_whole_pairs(record))) || '.'"
DETAIL = f"""
    CASE reason
        WHEN 'bad_timestamp' THEN 'A time is not ISO 8601 with an offset (Z or +hh:mm): ' || {_TIMES}
        WHEN 'timestamp_in_future' THEN 'The message is more than 48 hours ahead of this run: ' || {_TIMES}
        ELSE {sentence_of("reason")} END"""


@cache
def _template(name: str) -> Template:
    return Template(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def make_judged(bench: Workbench) -> None:
    """Make the empty table ``judged``, and the SQL functions of the judgement."""
    sql = _template("judged.sql").substitute(
        deepest=DEEPEST, iso_with_offset=ISO_WITH_OFFSET, within_calendar=WITHIN_CALENDAR
    )
    bench.run(sql)


def judge(bench: Workbench, lines: str, future: str, *, keeps_large: bool = True) -> None:
    """Add the judgement on ``lines`` to ``judged``.

    ``lines`` is a query for file_no, line_no, item_no (0 for a whole line), line and fault; ``future`` is the SQL of
    the instant after which a timestamp is a mistake. Unless it ``keeps_large``, of rejects that are larger than a
    record may be it keeps the start.
    """
    _judge(bench, f"SELECT *, {_NO_ENVELOPE} FROM ({lines})", future, keeps_large=keeps_large)


def open_envelopes(bench: Workbench, future: str) -> None:
    """Judge the messages in the envelopes that ``judged`` holds and that are not opened; items count from 1."""
    if bench.number(f"SELECT count(*) FROM judged WHERE {_WAITING}"):
        _judge(bench, _template("envelopes.sql").substitute(waiting=_WAITING), future, keeps_large=True)
        # An envelope is opened once, and then its text is in its messages.
        bench.run(f"UPDATE judged SET record = NULL WHERE {_WAITING}")


def _judge(bench: Workbench, lines: str, future: str, *, keeps_large: bool) -> None:
    sql = _template("judge.sql").substitute(
        lines=lines,
        future=future,
        keeps_large=str(keeps_large).lower(),
        deepest=DEEPEST,
        largest_record=LARGEST_RECORD,
        kept_of_large=KEPT_OF_LARGE,
    )
    bench.run(sql)


def note_repeated_keys(bench: Workbench, notes: list[str], source: str) -> None:
    """Add a sentence on the keys that come twice in judged messages, or in the documents that they hold."""
    # Messages of one kind have the same keys, so there are few different lists to look through.
    documents = " UNION ALL ".join(
        f"""
        SELECT '{name}.' AS place, any_value(json_keys({name})) AS keys, count(*) AS messages
        FROM judged WHERE reason IS NULL GROUP BY hash(json_keys({name}))"""
        for name in DOCUMENTS
    )
    found = bench.rows(f"""
        WITH repetitions AS (
            SELECT '' AS place, repeated AS keys, count(*) AS messages FROM judged GROUP BY ALL
            UNION ALL SELECT place, repeated_keys(keys), messages FROM ({documents}))
        SELECT list(DISTINCT concat(place, key)), sum(messages)::BIGINT
        FROM (SELECT place, unnest(keys) AS key, messages FROM repetitions)""")
    names, messages = found[0]
    if names:
        notes.append(
            f"The feed {source} repeats a key within one JSON object, and the first value is read:"
            f" {listed(set(names))} (in {messages:,} objects)."
        )

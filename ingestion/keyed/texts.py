"""Records that arrive as texts, column by column, become typed rows, or rejects with a reason.

texts ─ converted ─ unreadable? key? what is required? everything fits? not in the future? ─ staged
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from ingestion.keyed.compare import Staged
from ingestion.load.rejects import sentence_of
from ingestion.records import FUTURE, ISO_WITH_OFFSET, LARGEST_RECORD, WITHIN_CALENDAR
from ingestion.run import Run, Workbench
from ingestion.tables import EXTRAS, SQL_TYPES, Column, Kind, RawTable
from storage.sql import literal

# Begins a text that is not UTF-8, whose odd bytes are shown as \xff. Of private characters: U+FFFD, which others
# write for such bytes, stands in many a mail and name that is UTF-8 and must load.
UNREADABLE = "\ue0ff\uf8ff\ue0ff"
# Begins what is left of a text that alone is larger than a record may be.
CUT = "\ue0ff\uf8fe\ue0ff"
# What models take off the ends of a text.
_BLANKS = "' ' || chr(9) || chr(10) || chr(13)"
ISO_WITHOUT_OFFSET = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
_WHOLE_NUMBER = r"[-+]?\d+(?:\.0*)?"
_DAY = r"\d{4}-\d\d-\d\d(?:[T ].*)?"
_FITTING: dict[Kind, str] = {
    "timestamp": "an ISO 8601 time with an offset (Z or +hh:mm)",
    "decimal": "an amount in its currency",
    "bigint": "a whole number",
    "date": "a date",
    "bool": "true or false",
}
# Decimals that are no money, and have no currency.
_COUNTED = frozenset({"quantity", "points"})
_NOT_VALUES = {"record_hash", "loaded_at"}
_ORIGIN = {"source_file", "source_line"}


@dataclass(frozen=True)
class LocalTimes:
    """How times without an offset are read: ``zone`` and, for some columns, ``zones`` are the SQL of a zone's name.

    Without a zone they are not read, and ``hint`` ends the sentence that says so.
    """

    hint: str = ""
    zone: str = ""
    zones: Mapping[str, str] = field(default_factory=dict)


NO_LOCAL_TIMES = LocalTimes()


def stage_texts(
    bench: Workbench, run: Run, staged: Staged, arrived: str, local: LocalTimes = NO_LOCAL_TIMES
) -> None:
    """Add records to a staging table.

    ``arrived`` is a query for object, position, record (verbatim), fault (a reason why the record has no
    columns at all, or null), and each column of the raw table, but its hash and clock, as text.
    """
    columns = [column for column in staged.table.columns if column.name not in _NOT_VALUES]
    keys = [column for column in columns if column.name in staged.table.key]
    required = [column for column in columns if column.kind == "timestamp" and not column.nullable]
    needed = [column for column in columns if column.required]
    instants = [column for column in columns if column.kind == "timestamp"]
    others = [column for column in columns if column.kind not in ("timestamp", "text", "json")]
    known = [column for column in columns if column is not EXTRAS]
    # A change is recognised by what is known: some fields change though the record does not.
    values = [column for column in known if column.name not in _ORIGIN]
    money = [column for column in others if column.kind == "decimal" and column.name not in _COUNTED]
    currency = next((column for column in columns if column.name == "currency"), None)
    if currency and money:
        arrived = _with_written_currency(arrived, currency, money)
    fitted = ", ".join(f'"{column.name}" := {converted(column, keys, currency, local)}' for column in columns)
    bench.run(f"""
        INSERT INTO {staged.name} BY NAME
        WITH arrived AS ({arrived}),
        typed AS (
            SELECT *, struct_pack({fitted}) AS fitted
            FROM arrived),
        judged AS (
            SELECT *,
                CASE WHEN fault IS NOT NULL THEN struct_pack(reason := fault, detail := {sentence_of("fault")})
                    WHEN {_is_too_large()} THEN {_verdict("record_too_large", sentence_of(literal("record_too_large")))}
                    WHEN {_is_unreadable(known)} THEN {_verdict("unreadable_bytes", _UNREADABLE_SENTENCE)}
                    {_missing(keys, "missing_key")}
                    {_missing(required, "missing_timestamp")}
                    {_missing(needed, "missing_value")}
                    {_unfit(instants, "bad_timestamp", local)}
                    {_unfit(others, "type_mismatch")}
                    {_ahead(required, f"{run.clock} + {FUTURE}")}
                END AS verdict
            FROM typed)
        SELECT object, position, {", ".join(f'fitted."{c.name}"' for c in columns)},
            md5(to_json(struct_pack({", ".join(f'"{c.name}" := fitted."{c.name}"' for c in values)}))::VARCHAR
            ) AS record_hash,
            {_unmarked(_locator(staged.table))} AS locator,
            verdict.reason AS reason, verdict.detail AS detail,
            CASE WHEN verdict.reason IS NOT NULL THEN {_unmarked("record")} END AS record
        FROM judged""")


_UNREADABLE_SENTENCE = "'A value holds bytes that are not UTF-8 text; they are shown as \\xff.'"


def _verdict(reason: str, sentence: str) -> str:
    return f"struct_pack(reason := {literal(reason)}, detail := {sentence})"


def _given(column: Column) -> str:
    return f"nullif(trim(\"{column.name}\", {_BLANKS}), '')"


def _with_written_currency(arrived: str, currency: Column, money: Sequence[Column]) -> str:
    """Add the currency that is written with an amount to records that state none."""
    written = ", ".join(f"currency_in({_given(column)})" for column in money)
    return f"""
        SELECT * REPLACE (
            CASE WHEN {_given(currency)} IS NULL AND ({" OR ".join(map(_is_no_plain_number, money))})
                THEN coalesce({written}) ELSE "{currency.name}" END AS "{currency.name}")
        FROM ({arrived}) AS arrived"""


def _is_no_plain_number(column: Column) -> str:
    return f"(try_cast({_given(column)} AS DOUBLE) IS NULL AND {_given(column)} IS NOT NULL)"


def converted(
    column: Column,
    keys: Sequence[Column],
    currency: Column | None = None,
    local: LocalTimes = NO_LOCAL_TIMES,
) -> str:
    """Write the value of a column's text in its type; null where it does not fit.

    Texts stay as they are, but for keys: models distinguish records by keys without blanks around them.
    """
    text = _given(column)
    if column is EXTRAS:
        return _unmarked('"extras"')
    if column.kind in ("text", "json"):
        return text if column in keys else f'"{column.name}"'
    if column.kind == "timestamp":
        instant = _cast(text, column, only=ISO_WITH_OFFSET)
        zone = local.zones.get(column.name, local.zone)
        return f"coalesce({instant}, {_in_zone(text, zone)})" if zone else instant
    if column.kind == "bigint":
        return _cast(f"regexp_replace({text}, '\\.0*$', '')", column, only=_WHOLE_NUMBER)
    if column.kind == "date":
        return _cast(f"left({text}, 10)", column, only=_DAY)
    if column.kind == "decimal":
        if column.name in _COUNTED:
            read = f"number_in({text})"
        else:
            stated = f"coalesce({_given(currency)}, '')" if currency else "''"
            read = f"amount_in({text}, {stated})"
        return f"CASE WHEN {_is_no_plain_number(column)} THEN {read} ELSE {_cast(text, column)} END"
    return _cast(f"lower({text})", column)


def _in_zone(text: str, zone: str) -> str:
    is_local = f"regexp_full_match({text}, {literal(ISO_WITHOUT_OFFSET)})"
    return f"CASE WHEN {is_local} THEN try(timezone({zone}, try_cast({text} AS TIMESTAMP))) END"


def _cast(text: str, column: Column, only: str | None = None) -> str:
    cast = f"try_cast({text} AS {SQL_TYPES[column.kind]})"
    if only is None:
        return cast
    return f"CASE WHEN regexp_full_match({_given(column)}, {literal(only)}) THEN {cast} END"


def _locator(table: RawTable) -> str:
    """Say where a record is: the line of a file, or the key."""
    if any(column.name == "source_line" for column in table.columns):
        return "source_line"
    keys = ", ".join(f'"{name}"' for name in table.key)
    return f"nullif(concat_ws(', ', {keys}), '')"


def _is_too_large() -> str:
    return f"strlen(record) > {LARGEST_RECORD} OR contains(record, {literal(CUT)})"


def _is_unreadable(columns: list[Column]) -> str:
    texts = ", ".join(f'"{column.name}"' for column in columns)
    return f"contains(concat_ws('', {texts}), {literal(UNREADABLE)})"


def _unmarked(text: str) -> str:
    return f"replace(replace({text}, {literal(UNREADABLE)}, ''), {literal(CUT)}, '')"


def _missing(columns: list[Column], reason: str) -> str:
    return " ".join(
        f"WHEN {_given(column)} IS NULL THEN {_verdict(reason, literal(column.name + ' is missing.'))}"
        for column in columns
    )


def _unfit(columns: list[Column], reason: str, local: LocalTimes = NO_LOCAL_TIMES) -> str:
    return " ".join(
        f"WHEN {_given(column)} IS NOT NULL AND {_is_misfit(column)} THEN "
        + _verdict(reason, _misfit_sentence(column, local))
        for column in columns
    )


def _fitting(column: Column) -> str:
    return "a number" if column.name in _COUNTED else _FITTING[column.kind]


def _misfit_sentence(column: Column, local: LocalTimes) -> str:
    plain = f"which is not {_fitting(column)}"
    if column.kind != "timestamp" or not local.hint or local.zone:
        return _sentence(column, f"{plain}.")
    is_local = f"regexp_full_match({_given(column)}, {literal(ISO_WITHOUT_OFFSET)})"
    hinted = _sentence(column, f"{plain}; {local.hint}.")
    return f"CASE WHEN {is_local} THEN {hinted} ELSE {_sentence(column, f'{plain}.')} END"


def _is_misfit(column: Column) -> str:
    value = f'fitted."{column.name}"'
    if column.kind in ("timestamp", "date"):
        return f"coalesce({value} NOT {WITHIN_CALENDAR}, true)"
    return f"{value} IS NULL"


def _ahead(columns: list[Column], future: str) -> str:
    return " ".join(
        f'WHEN fitted."{column.name}" > {future} THEN '
        + _verdict("timestamp_in_future", _sentence(column, "more than 48 hours ahead of this run."))
        for column in columns
    )


def _sentence(column: Column, ending: str) -> str:
    return f'concat({literal(column.name + " is ")}, "{column.name}", {literal(", " + ending)})'


def slices(table: pa.Table, most_bytes: int) -> Iterator[pa.Table]:
    """Cut a table into pieces of equal length that weigh, if its rows weigh the same, no more than so many bytes."""
    rows = max(1, table.num_rows * most_bytes // max(1, table.nbytes))
    yield from (table.slice(start, rows) for start in range(0, table.num_rows, rows))

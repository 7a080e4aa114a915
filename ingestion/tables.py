"""The raw tables: their columns, their keys, and how they are declared to dlt."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dlt.common.schema.typing import TColumnSchema

Kind = Literal["text", "timestamp", "decimal", "bigint", "date", "bool", "json"]

SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "decimal": "DECIMAL(18, 4)",
    "bigint": "BIGINT",
    "date": "DATE",
    "bool": "BOOLEAN",
    # Kept as text on the way; the column of the warehouse is JSON.
    "json": "VARCHAR",
}
# What stands in for a value that is never null, so that the engine knows that the column has no nulls.
NEVER_NULL: dict[Kind, str] = {
    "text": "''",
    "timestamp": "to_timestamp(0)",
    "decimal": "0",
    "bigint": "0",
    "date": "DATE '1970-01-01'",
    "bool": "false",
    "json": "'null'",
}
LOAD_ID = "_dlt_load_id"


@dataclass(frozen=True)
class Column:
    """A column of a raw table; a record in which a required one is empty says nothing, and is rejected."""

    name: str
    kind: Kind = "text"
    nullable: bool = True
    required: bool = False

    @property
    def for_dlt(self) -> TColumnSchema:
        """The column as dlt's schema has it."""
        column: TColumnSchema = {"name": self.name, "data_type": self.kind, "nullable": self.nullable}
        if self.kind == "decimal":
            column |= {"precision": 18, "scale": 4}
        return column

    @property
    def for_parquet(self) -> str:
        """The column as SQL whose nullability in a Parquet file is the one declared here.

        DuckDB writes a column as required when its statistics show no null, and dlt rewrites a file whose
        columns are nullable where its schema says otherwise. ``try`` forgets the statistics, ``coalesce``
        makes them sure.
        """
        value = f'CAST("{self.name}" AS {SQL_TYPES[self.kind]})'
        if self.nullable:
            return f'try({value}) AS "{self.name}"'
        return f'coalesce({value}, {NEVER_NULL[self.kind]}) AS "{self.name}"'


@dataclass(frozen=True)
class RawTable:
    """A table of the schema ``raw``; ``key`` says which records are the same one."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def for_dlt(self) -> list[TColumnSchema]:
        """All columns as dlt's schema has them, the load id last."""
        return [column.for_dlt for column in (*self.columns, Column(LOAD_ID, nullable=False))]


def columns(names: str, kind: Kind = "text", *, nullable: bool = True) -> tuple[Column, ...]:
    """Declare columns of one kind; ``names`` are separated by blanks."""
    return tuple(Column(name, kind, nullable) for name in names.split())


# What a source sends beyond what is known: a new column or field is kept here before anybody reads it.
EXTRAS = Column("extras", "json")
HASH_AND_CLOCK = (Column("record_hash", nullable=False), Column("loaded_at", "timestamp", nullable=False))
FILE_AND_LINE = (Column("source_file", nullable=False), Column("source_line", "bigint", nullable=False))


def events_table(source: str) -> RawTable:
    """The table of a source of Segment messages."""
    return RawTable(
        f"{source}_events",
        ("message_id",),
        (
            *columns("message_id type", nullable=False),
            *columns("event name anonymous_id user_id previous_id group_id"),
            Column("timestamp", "timestamp", nullable=False),
            *columns("original_timestamp sent_at received_at", "timestamp"),
            *columns("context properties traits"),
            EXTRAS,
            *FILE_AND_LINE,
            *HASH_AND_CLOCK,
        ),
    )


AD_SPEND = RawTable(
    "marketing_ad_spend",
    ("date", "channel", "campaign"),
    (
        Column("date", "date", nullable=False),
        *columns("channel campaign", nullable=False),
        Column("currency", required=True),
        Column("spend", "decimal", required=True),
        *columns("impressions clicks", "bigint"),
        EXTRAS,
        *FILE_AND_LINE,
        *HASH_AND_CLOCK,
    ),
)

LOAD_LEDGER = RawTable(
    "load_ledger",
    ("source", "object", LOAD_ID),
    (
        *columns("source object table_name", nullable=False),
        *columns("records_read records_loaded records_duplicate records_rejected", "bigint", nullable=False),
        Column("bytes", "bigint"),
        Column("checksum"),
        # When the object was last changed where it lies: with its size, what identifies a known file.
        Column("modified_at", "timestamp"),
        Column("loaded_at", "timestamp", nullable=False),
    ),
)

REJECTS = RawTable(
    "rejects",
    ("reject_id",),
    (
        *columns("reject_id source object table_name", nullable=False),
        Column("locator"),
        Column("reason", nullable=False),
        *columns("detail record"),
        # For how many records of the same text the row stands; null in rows of older versions, where it is 1.
        Column("records", "bigint"),
        Column("rejected_at", "timestamp", nullable=False),
    ),
)
# Which fields the records of a load had, and of which type: what changes there is the drift of a schema.
OBSERVED_FIELDS = RawTable(
    "observed_fields",
    ("source", "table_name", "object", "field", "value_type", LOAD_ID),
    (
        *columns("source table_name object field value_type", nullable=False),
        Column("records", "bigint", nullable=False),
        Column("loaded_at", "timestamp", nullable=False),
    ),
)
ACCOUNTS = (LOAD_LEDGER, REJECTS, OBSERVED_FIELDS)


def named(tables: Iterable[RawTable]) -> dict[str, RawTable]:
    """Index tables by their names."""
    return {table.name: table for table in tables}

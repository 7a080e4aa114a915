"""An identifier as a steward writes it, ``type:value``, and as it is in the graph."""

from dataclasses import dataclass

import duckdb


class UnknownIdentifierError(ValueError):
    """The warehouse has no such identifier, or it may not link anything; the message says which and why."""


@dataclass(frozen=True)
class Identifier:
    """A normalised identifier of the identity graph."""

    identifier_type: str
    value: str

    @property
    def node(self) -> str:
        """The identifier's name in the graph."""
        return f"{self.identifier_type}:{self.value}"


def find_identifier(warehouse: duckdb.DuckDBPyConnection, written: str) -> Identifier:
    """Return the identifier of ``written`` (``type:value``, the value raw or normalised).

    Raises ``UnknownIdentifierError`` if the type is missing, the value is unknown, or it links nobody.
    """
    identifier_type, colon, value = written.partition(":")
    if not colon or not value:
        raise UnknownIdentifierError(
            f"'{written}' is not of the form type:value, such as email:ana@example.org"
        )
    rows = warehouse.execute(
        """
        select identifier_value, unusable_reason
        from intermediate.int_identity__values
        where identifier_type = $type and $value in (raw_value, identifier_value)
        order by unusable_reason nulls first
        """,
        {"type": identifier_type, "value": value},
    ).fetchall()
    if not rows:
        raise UnknownIdentifierError(f"no record carries the {identifier_type} '{value}'")
    normalised, unusable_reason = rows[0]
    if unusable_reason:
        raise UnknownIdentifierError(f"the {identifier_type} '{value}' links nobody: {unusable_reason}")
    return Identifier(identifier_type, normalised)

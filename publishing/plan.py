"""Plans the content of each published table, and compares it with the warehouse and dbt's documentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from publishing.catalog import Mart
from publishing.contacts import columns_with_contacts, without_contacts
from publishing.errors import PublishError
from publishing.masking import published_expression
from publishing.sessions import for_each
from publishing.since import Since
from security.keyed_hash import set_key
from storage.sql import identifier


@dataclass(frozen=True)
class TablePlan:
    """One table to publish: `query` reads it, already masked, from the attached database `warehouse`.

    `columns` are those of the query, with their types; those in `contacts` contain contacts. `replaced` is a
    condition on the rows that can differ from the version before; empty if all can.
    """

    mart: Mart
    columns: Mapping[str, str]
    query: str
    contacts: frozenset[str] = frozenset()
    replaced: str = ""

    @property
    def part(self) -> str:
        """The query of the rows that can differ."""
        return f"{self.query} where {self.replaced}" if self.replaced else self.query


@dataclass(frozen=True)
class Fingerprint:
    """Rows and an order-independent checksum of a table's content."""

    rows: int
    checksum: str

    def with_part(self, before: "Fingerprint", after: "Fingerprint") -> "Fingerprint":
        """Return the fingerprint after the rows `before` are replaced by the rows `after`."""
        checksum = int(self.checksum) - int(before.checksum) + int(after.checksum)
        return Fingerprint(self.rows - before.rows + after.rows, str(checksum))


@dataclass(frozen=True)
class Content:
    """Expected content of a table: the `whole`, and the `part` that can differ from the version before."""

    whole: Fingerprint
    part: Fingerprint
    is_changed: bool = True


def plan_tables(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    *,
    publish_pii: bool,
    key: str,
    since: Since | None = None,
) -> tuple[TablePlan, ...]:
    """Plan the tables of `marts`; `connection` has the warehouse attached as `warehouse`.

    With `since`, `connection` is to a copy of that version's file. Raises PublishError if a mart is not built, or
    has a column that dbt does not describe, because such a column might be personal data.
    """
    if not (key or publish_pii):
        raise PublishError(
            "Personal data is hashed before it is published, but there is no key: set IDENTITY_SALT."
        )
    set_key(connection, key)
    built = _columns_in_warehouse(connection)
    for mart in marts:
        _compare(mart, built.get(mart.name, {}))
    plan = _as_it_is if publish_pii else _made_safe
    return tuple(
        for_each(connection, marts, lambda session, mart: plan(session, mart, built[mart.name], since))
    )


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> Fingerprint:
    """Take the fingerprint of `relation`, a table name or a query in brackets."""
    row = connection.execute(
        f"select count(*), coalesce(sum(hash(content)::hugeint), 0)::varchar from {relation} as content"
    ).fetchone()
    assert row is not None, "an aggregate without grouping has one row"
    return Fingerprint(rows=int(row[0]), checksum=str(row[1]))


def contents_of(
    connection: duckdb.DuckDBPyConnection, plans: Sequence[TablePlan], since: Since | None = None
) -> dict[str, Content]:
    """Return the expected content of each table by name; `since` as in `plan_tables`."""
    contents = for_each(connection, plans, lambda session, plan: _content(session, plan, since))
    return {plan.mart.name: found for plan, found in zip(plans, contents, strict=True)}


def _content(session: duckdb.DuckDBPyConnection, plan: TablePlan, since: Since | None) -> Content:
    part = fingerprint(session, f"({plan.part})")
    if since is None:
        return Content(part, part)
    name = plan.mart.name
    published = Fingerprint(since.version.row_counts[name], since.version.fingerprints[name])
    if not plan.replaced:
        return Content(part, part, is_changed=part != published)
    before = fingerprint(session, f"(select * from {identifier(name)} where {plan.replaced})")
    return Content(published.with_part(before, part), part, is_changed=part != before)


def _as_it_is(
    session: duckdb.DuckDBPyConnection, mart: Mart, built: Mapping[str, str], since: Since | None
) -> TablePlan:
    return _plan(session, mart, [identifier(name) for name in built], frozenset(), since)


def _made_safe(
    session: duckdb.DuckDBPyConnection, mart: Mart, built: Mapping[str, str], since: Since | None
) -> TablePlan:
    treatments = {column.name: column.pii for column in mart.columns}
    texts = [name for name, data_type in built.items() if data_type == "VARCHAR" and not treatments[name]]
    replaced = since.replaced(mart.name) if since else ""
    with_contacts = columns_with_contacts(session, _relation(mart), texts, replaced)
    if since and replaced:
        with_contacts |= set(since.version.contacts.get(mart.name, []))
    expressions = [
        without_contacts(name)
        if name in with_contacts
        else published_expression(name, data_type, treatments[name])
        for name, data_type in built.items()
    ]
    wanted = [expression for expression in expressions if expression is not None]
    return _plan(session, mart, wanted, with_contacts, since)


def _plan(
    session: duckdb.DuckDBPyConnection,
    mart: Mart,
    expressions: Sequence[str],
    contacts: frozenset[str],
    since: Since | None,
) -> TablePlan:
    query = f"select {', '.join(expressions)} from {_relation(mart)}"
    columns = session.execute(f"describe {query}").fetchall()
    return TablePlan(
        mart=mart,
        columns={str(name): str(kind) for name, kind, *_ in columns},
        query=query,
        contacts=contacts,
        replaced=since.replaced(mart.name) if since else "",
    )


def _relation(mart: Mart) -> str:
    return f"warehouse.marts.{identifier(mart.name)}"


def _columns_in_warehouse(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Read the columns and their types of all tables in the warehouse's schema, by table."""
    rows = connection.execute(
        """
        select table_name, column_name, data_type from duckdb_columns()
        where database_name = 'warehouse' and schema_name = 'marts'
        order by table_name, column_index
        """
    ).fetchall()
    built: dict[str, dict[str, str]] = {}
    for table, name, data_type in rows:
        built.setdefault(str(table), {})[str(name)] = str(data_type)
    return built


def _compare(mart: Mart, built: Mapping[str, str]) -> None:
    if not built:
        raise PublishError(f"{mart.name} is not in the warehouse: its model has not been built.")
    if unknown := [name for name in built if name not in mart.column_names]:
        raise PublishError(
            f"{mart.name} has columns that dbt does not describe ({', '.join(unknown)}): "
            "whether they are personal data is unknown, so nothing is published."
        )
    if missing := [name for name in mart.column_names if name not in built]:
        raise PublishError(f"{mart.name} lacks columns that dbt describes: {', '.join(missing)}.")

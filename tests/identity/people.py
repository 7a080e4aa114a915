"""The people that the dbt models make of raw records, and the ids that they give them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from ingestion.sources import TABLES
from ingestion.tables import LOAD_ID, SQL_TYPES
from tests.identity.oracle import Decision
from tests.identity.records import Record, write
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import environment

FIRST_RUN = datetime(2026, 6, 1, tzinfo=UTC)
# Everything up to identity, without the marts that other tests cover.
IDENTITY = "+int_identity__people"

DECISIONS = "seeds.identity_decisions"
DECISION_COLUMNS = (
    "left_type varchar",
    "left_value varchar",
    "right_type varchar",
    "right_value varchar",
    "decision varchar",
    "decided_by varchar",
    "decided_at timestamp",
    "reason varchar",
)

Partition = frozenset[frozenset[str]]


class IdentityWarehouse:
    """A warehouse of its own, into which batches of records are delivered one run at a time."""

    def __init__(self, path: Path, dbt: DbtProject) -> None:
        self.path = path
        self._decides = False
        self._dbt = dbt
        self._runs = 0
        with duckdb.connect(str(path)) as warehouse:
            warehouse.execute("create schema raw")
            for table in TABLES:
                columns = [f'"{column.name}" {SQL_TYPES[column.kind]}' for column in table.columns]
                warehouse.execute(f"create table raw.{table.name} ({', '.join(columns)}, {LOAD_ID} varchar)")

    def deliver(self, batches: dict[str, list[Record]]) -> None:
        """Load the records of each namespace and run the identity models on all records."""
        run_at = FIRST_RUN + timedelta(days=self._runs)
        self._runs += 1
        with duckdb.connect(str(self.path)) as warehouse:
            for namespace, records in batches.items():
                write(warehouse, records, f"{namespace}-{self._runs}", run_at)
        self.run(run_at)

    def decide(self, decisions: list[Decision]) -> None:
        """Add a steward's decisions for the next run, in place of the project's seed."""
        with duckdb.connect(str(self.path)) as warehouse:
            warehouse.execute("create schema if not exists seeds")
            warehouse.execute(f"create table if not exists {DECISIONS} ({', '.join(DECISION_COLUMNS)})")
            for said in decisions:
                row = [
                    *said.left,
                    *said.right,
                    "same_person" if said.same else "do_not_link",
                    "steward",
                    said.decided_at,
                ]
                warehouse.execute(f"insert into {DECISIONS} values (?, ?, ?, ?, ?, ?, ?, 'a test')", row)
        self._decides = True

    def run(
        self, run_at: datetime | None = None, *, select: str = IDENTITY, full_refresh: bool = False
    ) -> None:
        """Run the identity models, at a clock a day after the last run where none is given."""
        if run_at is None:
            run_at = FIRST_RUN + timedelta(days=self._runs)
            self._runs += 1
        with environment({"WAREHOUSE_PATH": str(self.path), "RUN_AT": run_at.isoformat()}):
            self._dbt.build(
                select=select,
                exclude="identity_decisions" if self._decides else None,
                tests=False,
                full_refresh=full_refresh,
            )

    def customers(self) -> dict[str, str]:
        """The customer_id of every strong identifier, by ``type:value``."""
        return dict(self.query("select node, customer_id from intermediate.int_identity__people"))

    def query(self, sql: str) -> list[tuple]:  # type: ignore[type-arg]  # rows of whatever the query asks
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.path), read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()


def partition(customers: dict[str, str], prefix: str = "") -> Partition:
    """The groups of identifiers that share a customer_id, of those identifiers whose value starts so."""
    groups: dict[str, set[str]] = {}
    for node, customer in customers.items():
        if node.split(":", 1)[1].startswith(prefix) or not prefix:
            groups.setdefault(customer, set()).add(node)
    return frozenset(frozenset(group) for group in groups.values())

"""A built warehouse that a test may change, and build again."""

import shutil
from collections import Counter
from pathlib import Path

import duckdb

from tests.deliveries.retailer import NOW
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import environment


class Warehouse:
    """A built warehouse that a test may change, and build again."""

    def __init__(self, built: Path, folder: Path, dbt: DbtProject) -> None:
        folder.mkdir()
        self.file = folder / built.name
        self._dbt = dbt
        shutil.copyfile(built, self.file)

    def run(
        self,
        select: str | None = None,
        *,
        full_refresh: bool = False,
        project: str = "",
        tests: bool = False,
        run_at: str = NOW,
    ) -> set[str]:
        """Build what is selected, and return which tables were written."""
        with environment({"WAREHOUSE_PATH": str(self.file), "RUN_AT": run_at, "PROJECT_DIGEST": project}):
            return self._dbt.build(
                select,
                exclude=None if select else "resource_type:seed",
                tests=tests,
                full_refresh=full_refresh,
            )

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        """Run one statement."""
        with duckdb.connect(str(self.file)) as connection:
            return connection.execute(sql).fetchall()

    def dirty(self) -> Counter[str]:
        """Count the dirty customers of the last run by what changed."""
        return Counter(
            str(changed) for (changed,) in self.ask("select changed from intermediate.int_dirty_customers")
        )

    def customers(self) -> set[str]:
        """Return the ids of all customers."""
        return {row[0] for row in self.ask("select distinct customer_id from marts.fct_touchpoints")}

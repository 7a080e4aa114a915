"""Readers in one process that keep a connection open while a new version is published.

Runs the documented ways of README and the BI guide.
"""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publishing import Publication
from tests.publishing.conftest import RUN_AT

REPOSITORY = Path(__file__).resolve().parents[2]
Publish = Callable[..., Publication]
Change = Callable[[str], None]
COUNT = "select count(*) from fct_orders"


def documented(page: str, first_line: str) -> str:
    """Return the Python block of a page that begins with a line; it opens `data/marts.duckdb`."""
    blocks: list[str] = re.findall(
        r"```python\n(.*?)```", (REPOSITORY / page).read_text(encoding="utf-8"), re.DOTALL
    )
    return next(block for block in blocks if block.startswith(first_line))


def run(code: str, marts: Path) -> dict[str, Any]:
    """Run documented code on these marts, up to its first query; return its names."""
    names: dict[str, Any] = {}
    opening = re.split(r"^(?:journeys = |print)", code, flags=re.MULTILINE)[0]
    exec(opening.replace("data/marts.duckdb", str(marts)), names)
    return names


@pytest.fixture
def publish_one_more(publish_again: Publish, change: Change) -> Callable[[], None]:
    def publish() -> None:
        change("insert into marts.fct_orders values ('o3', 'c1', 1)")
        publish_again(run_at=RUN_AT + timedelta(hours=1))

    return publish


def test_a_second_connection_to_the_path_sees_the_old_version(
    publish_again: Publish, publish_one_more: Callable[[], None], marts: Path
) -> None:
    publish_again()
    with closing(duckdb.connect(marts, read_only=True)) as kept:
        publish_one_more()
        with closing(duckdb.connect(marts, read_only=True)) as second:
            counts = [connection.execute(COUNT).fetchone() for connection in (kept, second)]
    assert counts == [(2,), (2,)], "DuckDB no longer keeps one instance per path: the documents can say so"


@pytest.mark.parametrize("page", ["README.md", "docs/bi_guide.md"])
def test_an_attached_file_is_the_version_of_now(
    publish_again: Publish, publish_one_more: Callable[[], None], marts: Path, page: str
) -> None:
    code = documented(page, "import duckdb")
    publish_again()
    kept = run(code, marts)["marts"]
    publish_one_more()
    counts = [connection.execute(COUNT).fetchone() for connection in (kept, run(code, marts)["marts"])]
    assert counts == [(2,), (3,)]


def test_sqlalchemy_sees_the_version_of_now(
    publish_again: Publish, publish_one_more: Callable[[], None], marts: Path
) -> None:
    engine = run(documented("docs/bi_guide.md", "from sqlalchemy"), marts)["engine"]
    publish_again()
    with engine.connect() as kept:
        assert kept.exec_driver_sql(COUNT).scalar() == 2
        publish_one_more()
        with engine.connect() as second:
            assert second.exec_driver_sql(COUNT).scalar() == 3
        assert kept.exec_driver_sql(COUNT).scalar() == 2

"""Inputs without an end, or larger than their rows suggest, are read within bounds."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.errors import SourceError
from ingestion.keyed import http_answers
from ingestion.keyed.store_database import StoreDatabase
from ingestion.keyed.store_tables import STORE_TABLES
from ingestion.keyed.support_api import MOST_PAGES_WITHOUT_NEWS, CursorExport, Page, SupportDesk
from simulator.support_api import SupportApi, SupportData

AT = "2026-05-01T10:00:00Z"
SIX_HUNDRED = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)"


def test_rows_are_handed_on_by_what_they_weigh(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    tables = {table.name: table for table in STORE_TABLES}
    with sa.create_engine(url).begin() as connection:
        for name, text in (
            ("members", "hex(zeroblob(100000))"),
            ("products", "'light'"),
            ("locations", "iif(i <= 50, hex(zeroblob(500000)), NULL)"),
        ):
            query = f"{SIX_HUNDRED} SELECT i AS {name[:-1]}_id, '{AT}' AS updated_at, {text} AS name FROM n"
            connection.execute(sa.text(f"CREATE TABLE {name} AS {query}"))
    database = StoreDatabase(url)
    rows = {
        name: [chunk.num_rows for chunk in database.chunks(tables[name], ["name"], None)]
        for name in ("members", "products", "locations")
    }
    database.close()
    assert rows.pop("locations")[0] < 100, "what is too heavy is not handed on as it was fetched"
    assert rows == {"members": [250, 250, 100], "products": [600]}


class EndlessApi(SupportApi):
    """Shows the same page of tickets under ever new cursors."""

    def answer(self, path: str, query: Any, authorization: str) -> Any:
        """Answer, and say that there is more."""
        status, body, headers = super().answer(path, {"start_time": "0"}, authorization)
        return status, {**body, "after_cursor": f"c{self.requests}", "end_of_stream": False}, headers


def test_pages_that_bring_nothing_new_for_ever_are_left() -> None:
    ticket = {"id": 1, "requester_id": 1, "created_at": AT, "updated_at": AT}
    pages: list[Page] = []
    with EndlessApi(SupportData(tickets=[ticket], users=[]), token="demo-token") as api:
        desk = SupportDesk(api.base_url, "", "demo-token")
        path = "/api/v2/incremental/tickets/cursor.json"
        with pytest.raises(SourceError, match=r"breaks off: 100 pages in a row brought nothing that was not"):
            pages.extend(desk.pages(path, "tickets", {"start_time": 0}, CursorExport()))
    assert MOST_PAGES_WITHOUT_NEWS == 100
    assert api.requests == 101


def test_an_answer_that_is_too_large_is_named_and_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http_answers, "LARGEST_ANSWER", 1024**2)
    tickets = [{"id": number, "description": "x" * 900_000, "updated_at": AT} for number in (1, 2)]
    pages: list[Page] = []
    with SupportApi(SupportData(tickets=tickets, users=[]), token="demo-token", page_size=1) as api:
        desk = SupportDesk(api.base_url, "", "demo-token")
        path = "/api/v2/incremental/tickets/cursor.json"
        pages.extend(desk.pages(path, "tickets", {"start_time": 0}, CursorExport()))
        assert [len(page.records) for page in pages] == [1, 1]
        tickets[1]["description"] = "x" * 1024**2
        with pytest.raises(
            SourceError, match=rf"cannot read {api.base_url}{path}: the answer is larger than 1 MiB"
        ):
            pages.extend(desk.pages(path, "tickets", {"start_time": 0}, CursorExport()))
    assert len(pages) == 3

"""The judgement holds for any bytes: each line gets one verdict, and nothing raises."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.lines.judge import DOCUMENTS, IDS, INSTANTS, judge, make_judged, open_envelopes
from ingestion.lines.reader import read_lines
from ingestion.run import Workbench
from tests.ingestion.place import message

FUTURE = "TIMESTAMP WITH TIME ZONE '2027-01-01 00:00:00+00'"
KEYS = st.sampled_from(["messageId", "type", "timestamp", "sentAt", "userId", "context", "batch", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2026-05-01T10:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MESSAGES = st.builds(lambda changes: {**message(), **changes}, st.dictionaries(KEYS, VALUES, max_size=3))
LINES = st.one_of(
    st.binary(max_size=40),
    MESSAGES.map(lambda one: json.dumps(one).encode()),
    st.tuples(MESSAGES, st.integers(0, 200), st.binary(max_size=3)).map(lambda cut: _damaged(*cut)),
)


def _damaged(one: dict[str, Any], position: int, noise: bytes) -> bytes:
    text = json.dumps(one, ensure_ascii=False).encode(errors="surrogatepass")
    return text[:position] + noise + text[position + len(noise) :]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder: Path = tmp_path_factory.mktemp("bench")
    with Workbench(folder, folder / "none.duckdb") as bench:
        yield bench


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(LINES, min_size=1, max_size=30), chunk=st.integers(1, 50))
def test_any_bytes_get_one_verdict_a_line(bench: Workbench, lines: list[bytes], chunk: int) -> None:
    whole = b"\n".join(line.replace(b"\n", b"") for line in lines) + b"\n"
    make_judged(bench)
    tables = list(read_lines(whole[start : start + chunk] for start in range(0, len(whole), chunk)))
    bench.connection.register("arrived", pa.concat_tables(tables))
    judge(bench, "SELECT 0 AS file_no, line_no, 0 AS item_no, line, fault FROM arrived", FUTURE)
    open_envelopes(bench, FUTURE)
    is_gzip = whole.startswith(b"\x1f\x8b")
    assert is_gzip or bench.rows("SELECT line_no FROM judged WHERE item_no = 0 ORDER BY 1") == [
        (number,) for number in range(1, len(lines) + 1)
    ]
    for reason, record, message_id, kind, at in bench.rows(
        'SELECT reason, record, message_id, type, "timestamp" FROM judged'
    ):
        if reason is None:
            assert message_id
            assert kind
            assert at is not None
            assert record is None
        else:
            assert record is not None or reason == "blank"


def test_sql_and_python_name_the_same_fields(bench: Workbench) -> None:
    make_judged(bench)
    read = (*IDS, *INSTANTS, *DOCUMENTS)
    assert bench.rows("SELECT known_fields()[:15]") == [(list(read),)]
    columns = [name for name, *_ in bench.rows("DESCRIBE judged")]
    assert columns[3:11] == list(IDS.values())

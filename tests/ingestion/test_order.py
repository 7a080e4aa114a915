"""The kept text of an id does not depend on the order of arrival."""

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.sources import load
from tests.ingestion.place import Place, counts, lines, message

TEXTS = [
    message(f"o{key}", timestamp=f"2026-05-0{day}T00:00:00Z", name=name)
    for key in (1, 2)
    for day in (1, 2)
    for name in ("x", "y")
]


def test_the_earliest_text_of_an_id_stays(place: Place) -> None:
    late = message("o1", timestamp="2026-05-02T00:00:00Z", name="late")
    early = message("o1", timestamp="2026-05-01T00:00:00Z", name="early")
    place.land("a.jsonl", lines(late, message("o2")))
    load("web")
    place.land("b.jsonl", lines(early, message("o3")))
    assert counts(load("web"), "web_events") == (2, 1, 1, 0)
    place.land("c.jsonl", lines(late))
    assert counts(load("web"), "web_events") == (1, 0, 1, 0)
    assert place.ask(
        "SELECT message_id, name, split_part(source_file, '/', -1) FROM raw.web_events ORDER BY 1"
    ) == [
        ("o1", "early", "b.jsonl"),
        ("o2", None, "a.jsonl"),
        ("o3", None, "b.jsonl"),
    ]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(TEXTS), cuts=st.lists(st.integers(1, 7), max_size=2))
def test_any_order_in_any_files_keeps_the_same_rows(
    place: Place,
    empty_warehouse: Path,
    monkeypatch: pytest.MonkeyPatch,
    order: list[dict[str, str]],
    cuts: list[int],
) -> None:
    with TemporaryDirectory(dir=place.folder) as folder:
        one = Place(Path(folder))
        one.warehouse.write_bytes(empty_warehouse.read_bytes())
        one.landing().mkdir(parents=True)
        monkeypatch.setenv("SOURCES__WEB__BUCKET_URL", str(one.landing()))
        monkeypatch.setenv("WAREHOUSE_PATH", str(one.warehouse))
        read = 0
        for number, start in enumerate(sorted({0, *cuts})):
            stop = min((cut for cut in [*cuts, len(order)] if cut > start), default=len(order))
            one.land(f"{number}.jsonl", lines(*order[start:stop]))
            read += counts(load("web"), "web_events")[0]
        assert read == len(TEXTS)
        kept = one.ask(
            'SELECT message_id, "timestamp"::DATE::VARCHAR, record_hash FROM raw.web_events ORDER BY 1'
        )
        assert kept == _expected()


def _expected() -> list[tuple[str, str, str]]:
    ranked = sorted(
        (t["messageId"], t["timestamp"][:10], hashlib.md5(json.dumps(t).encode()).hexdigest()) for t in TEXTS
    )
    return [next(row for row in ranked if row[0] == key) for key in ("o1", "o2")]

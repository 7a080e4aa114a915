"""Broken files of ad spend next to a good one: each is loaded, rejected or reported."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.cases import FUZZ, complaint_of, fresh
from tests.ingestion.place import Place
from tests.pipeline_run.accounts import ledger_totals

HEADER = "date,channel,campaign,currency,spend,impressions,clicks\n"
CELLS = (
    "2026-05-01", "search", "spring", "USD", "10.5", "-1", "1e400", "nan", "inf", "", '"', '""', '"a,b"', '"open',
    "\x00", "'; DROP TABLE spend; --", "2200-01-01", "1970-01-01", "0001-01-01", "é", "99999999999999999999",
)  # fmt: skip
line = st.lists(st.sampled_from(CELLS), max_size=9).map(",".join)
written = st.builds(
    lambda header, body, end: (header + end.join(body) + end).encode(),
    st.sampled_from(
        (HEADER, HEADER.upper(), "\ufeff" + HEADER, "date,channel\n", "", HEADER.replace(",", ";"))
    ),
    st.lists(line, max_size=8),
    st.sampled_from(("\n", "\r\n", "\r")),
)
files = st.dictionaries(
    st.sampled_from(("a.csv", "b.csv.gz", "c d'.csv", "$(touch executed).csv")),
    st.one_of(written, st.binary(max_size=60), written.map(lambda content: content + b"\xff\xfe,\x80")),
    max_size=3,
)


@FUZZ
@given(bad=files)
def test_every_line_is_accounted_for_and_a_good_file_loads(
    place: Place, empty_warehouse: Path, monkeypatch: pytest.MonkeyPatch, bad: dict[str, bytes]
) -> None:
    with fresh(place, empty_warehouse, monkeypatch) as one:
        folder = one.landing("marketing") / "ad_spend"
        folder.mkdir()
        (folder / "good.csv").write_text(HEADER + "2026-04-01,search,untouched,USD,3,,\n", encoding="utf-8")
        for name, content in bad.items():
            (folder / name).write_bytes(content)
        for _ in range(2):
            complaint = complaint_of("marketing")
            assert any(name in complaint for name in bad) or not complaint
        ledger_totals(one.warehouse)
        assert one.column("SELECT spend FROM raw.marketing_ad_spend WHERE campaign = 'untouched'") == [3]
        assert list(Path.cwd().glob("executed*")) == []

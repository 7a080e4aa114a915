"""Everybody at a destination may be contacted, whatever happened between sendings: consents, bounces, messages."""

import csv
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.definitions import Audience, Cap
from activation.sending import activate
from activation.state import public_id
from tests.activation.test_members import CONSENTS, NOW, Person, may_be_sent, warehouse
from tests.pipeline_run.run import environment

SIZE = 4
WORLDS = st.lists(
    st.lists(
        st.builds(
            Person, st.just(False), st.just(True), st.just(True), CONSENTS, st.integers(0, 3), st.booleans()
        ),
        min_size=SIZE,
        max_size=SIZE,
    ),
    min_size=2,
    max_size=4,
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with environment({"SOURCES__MARKETING__BUCKET_URL": str(tmp_path / "marketing")}):
        yield tmp_path


def apply(members: set[str], written: Path) -> None:
    """Apply a new file at a destination: first removals, then additions."""
    rows = [row for file in written.glob("*.csv") for row in csv.DictReader(file.open(newline=""))]
    members -= {row["id"] for row in rows if row["action"] == "remove"}
    members |= {row["id"] for row in rows if row["action"] == "add"}


@given(worlds=WORLDS, channel=st.sampled_from(["email", "sms", "ads"]))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_is_held_without_consent(folder: Path, worlds: list[list[Person]], channel: str) -> None:
    home, members = folder / "home", set[str]()
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    sql = "select customer_id from dim_customers"
    for day, people in enumerate(worlds):
        files = {"kind": "files", "url": str(home / f"files-{day}")}
        audience = Audience("held", "o", "d", channel, sql, files, Cap(3, 30))
        activate(audience, warehouse(home, people), NOW + timedelta(days=day))
        apply(members, home / f"files-{day}" / "held")
        allowed = {public_id(str(n)) for n, person in enumerate(people) if may_be_sent(person, channel)}
        assert members <= allowed

"""Lines of landing files: the person's lines are emptied, and others' lines lose the person's data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rights.landed import Rewritten, rewrite_landing
from rights.stripping import traces_of
from tests.pipeline_run.run import environment

EMAIL, NAME = "ana@quillfeather.example", "Ana Quillfeather"
WORDS = "born on a tuesday"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    settings = {
        f"SOURCES__{source}__BUCKET_URL": str(tmp_path / source) for source in ("WEB", "APP", "MARKETING")
    }
    for source in ("WEB", "APP", "MARKETING"):
        (tmp_path / source).mkdir()
    with environment(settings):
        yield tmp_path / "WEB"


def rewritten(folder: Path, *lines: Any, verdicts: dict[str, str] | None = None) -> list[str]:
    """Land lines, rewrite them, and return the result."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "events.jsonl").write_text("\n".join(texts) + "\n")
    noted: list[Rewritten] = []
    traces = traces_of([EMAIL, "u-ana"], [EMAIL, NAME], "key")
    rewrite_landing({"web_events": verdicts or {}}, traces, noted.extend)
    now = (folder / "events.jsonl").read_text().split("\n")[:-1]
    assert len(now) == len(texts)
    assert bool(noted) == (now != texts)
    return now


@pytest.mark.parametrize(
    "said",
    [
        {"traits": {"email": EMAIL.upper()}},
        {"context": {"traits": {"email": EMAIL}}},
        {"userId": "u-ana"},
        {"properties": {"items": [{"contact_email": EMAIL}]}},
    ],
)
def test_a_message_that_was_never_loaded_goes_whole_if_it_says_whose_it_is(
    folder: Path, said: dict[str, Any]
) -> None:
    message = {"messageId": "m", "anonymousId": "shared", "timestamp": WORDS, **said}
    assert rewritten(folder, {"messageId": "other"}, message) == ['{"messageId": "other"}', ""]


def test_one_of_another_that_names_the_person_loses_the_name_only(folder: Path) -> None:
    message = {"messageId": "m", "userId": "u-ben", "properties": {"gift_note": f"from {NAME}", "total": 3}}
    (now,) = rewritten(folder, message)
    assert json.loads(now) == {**message, "properties": {"gift_note": None, "total": 3}}


def test_what_is_no_json_goes_if_the_person_is_in_it(folder: Path) -> None:
    assert rewritten(folder, '{"email": ' + EMAIL, '{"email": ben@') == ["", '{"email": ben@']


@pytest.mark.parametrize("verdict", ["device", "shared", "order"])
def test_events_and_pages_named_after_the_person_are_not(folder: Path, verdict: str) -> None:
    message = {"messageId": "m", "type": "track", "anonymousId": "shared", "event": f"Called by {NAME}"}
    page = {"messageId": "n", "type": "page", "anonymousId": "shared", "name": f"Hello {EMAIL}"}
    event, now = map(json.loads, rewritten(folder, message, page, verdicts={"m": verdict, "n": verdict}))
    assert (event["event"], now["name"], now["type"]) == ("erased", None, "page")

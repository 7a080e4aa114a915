"""A setting that cannot be understood is named once, with its value, and nothing but that is said."""

import pytest

from ingestion.errors import SettingError, cause_of
from ingestion.pipeline import main
from ingestion.settings import number


def test_a_setting_that_is_no_number_is_named_where_causes_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES__STORE__OVERLAP_HOURS", "abc")
    with pytest.raises(SettingError) as refused:
        number("store", "overlap_hours", 24)
    told = "SOURCES__STORE__OVERLAP_HOURS is 'abc', which is not a number"
    assert cause_of(refused.value) == str(refused.value) == refused.value.message == told


@pytest.mark.parametrize("text", ["yesterday", "2026-04-30T12:00:00"])
def test_a_clock_that_is_no_instant_is_named_by_the_command(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUN_AT", text)
    with pytest.raises(SystemExit) as left:
        main("web")
    assert left.value.code == 1
    assert capsys.readouterr().out.startswith(f"RUN_AT is '{text}', which ")

"""Who may see names: only signed-in visitors whose account the team has listed."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import passwords, private, signing_in
from dashboards.passwords import SETTING, PasswordFileError, is_right, set_password
from publishing.private_marts import SETTING as PRIVATE

PASSWORD = "correct horse: battery"
SIDEBAR = "from dashboards import signing_in\nsigning_in.offer()\nimport streamlit as st\nst.text(signing_in.user())"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A password file with one person."""
    monkeypatch.setattr(passwords, "_SECONDS_AFTER_A_WRONG_ONE", 0.0)
    monkeypatch.setenv(SETTING, str(tmp_path / "passwords"))
    set_password(tmp_path / "passwords", "lea", PASSWORD)
    return tmp_path / "passwords"


@pytest.mark.parametrize(
    ("claims", "listed", "name"),
    [
        ({"email": "Lea@Shop.test", "email_verified": True}, "lea@shop.test", "lea@shop.test"),
        ({"email": "lea@shop.test"}, "@shop.test", "lea@shop.test"),
        ({"email": "lea@shop.test"}, "", None),
        ({"email": "lea@evil.test"}, "@shop.test", None),
        ({"email": "lea@shop.test.evil.test"}, "@shop.test,lea@shop.test", None),
        ({"email": "lea@shop.test", "email_verified": False}, "@shop.test", None),
        ({"email": "shop.test"}, "@shop.test", None),
        ({"name": "lea"}, "lea,@", None),
    ],
)
def test_an_account_counts_if_the_team_named_it(
    claims: dict[str, Any], listed: str, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(signing_in.USERS, listed)
    assert signing_in.allowed_address(claims) == name


def test_a_password_is_right_or_not(file: Path) -> None:
    assert is_right(file, "lea", PASSWORD)
    assert not is_right(file, "lea", PASSWORD + " ")
    assert not is_right(file, "max", PASSWORD)
    assert not is_right(file, "", "")
    assert not is_right(file, "nobody", "")


def test_the_file_has_no_password_and_is_its_owners_alone(file: Path) -> None:
    before = file.read_text()
    set_password(file, "max", PASSWORD)
    assert PASSWORD not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert is_right(file, "lea", PASSWORD)
    first, second = (line.split(":")[1:] for line in file.read_text().splitlines())
    assert first[0] != second[0], "two people with one password have two salts"
    assert before in file.read_text()


def test_a_file_that_others_can_read_lets_nobody_in(file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(PasswordFileError, match="can be read by others"):
        is_right(file, "lea", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password"), [("lea", "short"), ("a:b", PASSWORD), (" ", PASSWORD), ("a\nb", PASSWORD)]
)
def test_a_bad_name_or_password_is_refused(file: Path, name: str, password: str) -> None:
    before = file.read_text()
    with pytest.raises(PasswordFileError):
        set_password(file, name, password)
    assert file.read_text() == before


def test_without_a_way_to_sign_in_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    page = AppTest.from_string(SIDEBAR).run()
    assert (len(page.text_input), len(page.button), page.text[0].value) == (0, 0, "None")


def test_signing_in_and_out(file: Path) -> None:
    page = AppTest.from_string(SIDEBAR, default_timeout=20).run()
    assert page.text[0].value == "None"
    page.text_input(key="sign_in_name").set_value("lea")
    page.text_input(key="sign_in_password").set_value("wrong password")
    page.button[0].click().run()
    assert page.text[0].value == "None"
    assert "do not belong together" in page.get("html")[0].proto.body
    page.text_input(key="sign_in_password").set_value(PASSWORD)
    page.button[0].click().run()
    assert page.text[0].value == "lea"
    page.button(key="sign_out").click().run()
    assert page.text[0].value == "None"


def test_names_need_a_file_and_a_visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PRIVATE, raising=False)
    monkeypatch.setattr(signing_in, "user", lambda: "lea")
    assert private.asker() is None
    monkeypatch.setenv(PRIVATE, str(tmp_path / "marts_private.duckdb"))
    with pytest.raises(private.PrivateError, match="Nothing is published"):
        private.asker()
    (tmp_path / "marts_private.duckdb").touch()
    (tmp_path / "marts_private.duckdb").chmod(0o644)
    with pytest.raises(private.PrivateError, match="can be read by others"):
        private.asker()
    monkeypatch.setattr(signing_in, "user", lambda: None)
    assert private.asker() is None


def test_a_look_is_a_line_in_a_log_of_the_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "marts_private.duckdb"
    monkeypatch.setenv(PRIVATE, str(file))
    monkeypatch.setattr(signing_in, "user", lambda: "lea\nmax")
    private.note_look("cus_1")
    private.note_look("cus_2")
    log = private.log_path(file)
    looks = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(look["user"], look["customer_id"]) for look in looks] == [
        ("lea\nmax", "cus_1"),
        ("lea\nmax", "cus_2"),
    ]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    monkeypatch.setattr(signing_in, "user", lambda: None)
    with pytest.raises(private.PrivateError):
        private.note_look("cus_3")
    assert len(log.read_text().splitlines()) == 2

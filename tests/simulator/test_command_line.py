"""The commands report in a sentence what they did, or the problem."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from simulator.__main__ import main
from simulator.support_api import SupportApi, SupportData
from tests.simulator.landed import Simulated


def test_write_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", "--people", "15", "--days", "20", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("15 people, 20 days until 2026-10-31, seed 7: ")
    messages = int(re.findall(r"web_events +([\d,]+)", said)[0].replace(",", ""))
    distinct = {message["messageId"] for _, message in Simulated(tmp_path).messages("web")}
    assert messages == len(distinct) > 0


def test_write_refuses_data_of_others_unless_asked_to_replace_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "store.db").write_text("theirs")
    assert main(["write", "--people", "5", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert (
        said
        == f"simulator: output: {tmp_path}/store.db is not a simulation's; use --replace to write over it\n"
    )
    assert main(["write", "--people", "5", "--out", str(tmp_path), "--replace"]) == 0


def test_a_store_that_cannot_be_reached_is_named_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql+psycopg://someone:secret@127.0.0.1:1/store"
    assert main(["write", "--people", "5", "--out", str(tmp_path), "--store-url", url]) == 1
    said = capsys.readouterr().err
    assert said.startswith("simulator: store database postgresql+psycopg://someone:***@127.0.0.1:1/store: ")
    assert "secret" not in said


def test_serve_needs_something_to_serve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--data", str(tmp_path)]) == 1
    assert "no support data" in capsys.readouterr().err


def test_serve_names_a_port_that_is_taken(simulated: Simulated, capsys: pytest.CaptureFixture[str]) -> None:
    with SupportApi(SupportData()) as api:
        port = api.base_url.rpartition(":")[2]
        assert main(["serve", "--data", str(simulated.out), "--port", port]) == 1
    said = capsys.readouterr().err
    assert said == f"simulator: support API: port {port} cannot be had: Address already in use\n"


def test_serve_answers_until_it_is_stopped(simulated: Simulated) -> None:
    command = [sys.executable, "-m", "simulator", "serve", "--data", str(simulated.out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            (url,) = re.findall(r"http://[\d.:]+", server.stdout.readline())
            headers = {"Authorization": "Bearer demo-token"}
            answer = requests.get(
                f"{url}/api/v2/incremental/users/cursor.json?start_time=0", headers=headers, timeout=20
            )
            assert len(answer.json()["users"]) == 100
        finally:
            # Children would inherit ignored interrupts.
            server.kill()

"""A refresh that is asked to end, or whose dbt is killed, says so in a sentence."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

import pytest

from orchestration.processes import killed_sentence, termination_as_interrupt
from tests.orchestration.conftest import ROOT, Place, message
from tests.orchestration.test_refresh_cut_short import ENDLESS, _wait_until


@pytest.mark.parametrize("interrupts", [signal.default_int_handler, signal.SIG_IGN])
def test_a_signal_to_end_is_an_interrupt(interrupts: Any) -> None:
    before = signal.signal(signal.SIGINT, interrupts)
    terminates = signal.getsignal(signal.SIGTERM)

    def end() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    with termination_as_interrupt() as asked, pytest.raises(KeyboardInterrupt):
        end()
    assert asked == ["SIGTERM"]
    assert signal.getsignal(signal.SIGTERM) == terminates
    assert signal.signal(signal.SIGINT, before) == interrupts


def test_what_killed_dbt_is_named() -> None:
    assert "dbt was killed (SIGKILL), as the system does when memory runs out" in killed_sentence(-9)
    assert killed_sentence(-15).startswith("dbt was ended from outside (SIGTERM).")
    assert "(signal 99)" in killed_sentence(-99)


@pytest.mark.parametrize("victim", ["refresh", "dbt"])
def test_the_refresh_says_what_ended_it(place: Place, victim: str) -> None:
    place.land("good.jsonl", message("m1", "web", "digital"))
    model = place.folder / "dbt_project" / "models" / "staging" / "endless.sql"
    model.write_text(ENDLESS, encoding="utf-8")
    log = place.folder / "refresh.log"
    with subprocess.Popen(
        [sys.executable, "-m", "orchestration.refresh"],
        cwd=place.folder,
        env={**os.environ, **place.environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as refresh:
        try:
            _wait_until(lambda: log.exists() and "START sql table model staging.endless" in log.read_text())
            if victim == "refresh":
                refresh.terminate()
            else:
                subprocess.run(["pkill", "-KILL", "-P", str(refresh.pid)], check=True)
            said, _ = refresh.communicate(timeout=300)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(refresh.pid, signal.SIGKILL)
    assert refresh.returncode == 1
    wanted = (
        "The run was ended from outside, by SIGTERM"
        if victim == "refresh"
        else "dbt was killed (SIGKILL), as the system"
    )
    assert wanted in said
    assert "Traceback" not in said

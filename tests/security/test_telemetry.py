"""No tool uses the network unasked, in whatever folder it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from security.telemetry import OFF
from tests.orchestration.conftest import Place, message

ROOT = Path(__file__).parents[2]
# Every look-up of a name, and every connection to an address that is not this machine's, in every thread.
WATCH = """
import sys
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        address = arguments[0] if event.startswith("socket.get") else arguments[-1]
        host = address[0] if isinstance(address, tuple) else address
        if host not in (None, "", "127.0.0.1", "localhost", "::1") and not str(host).startswith("/"):
            import os
            with open(os.environ["WATCHED"], "a") as file:
                file.write(f"{event} {host}\\n")
sys.addaudithook(watch)
"""


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python process records its host name look-ups; none of our variables is set."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WATCH)
    without = {name: value for name, value in os.environ.items() if name not in OFF}
    return {
        **without,
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(ROOT)]),
        "WATCHED": str(tmp_path / "looked_up"),
        "HOME": str(tmp_path),
    }


def looked_up(environment: dict[str, str]) -> str:
    noted = Path(environment["WATCHED"])
    return noted.read_text() if noted.exists() else ""


def test_the_watch_sees_a_look_up(watched: dict[str, str]) -> None:
    ask = (
        "import socket, contextlib\nwith contextlib.suppress(OSError): socket.getaddrinfo('name.invalid', 80)"
    )
    subprocess.run([sys.executable, "-c", ask], env=watched, check=True)
    assert looked_up(watched) == "socket.getaddrinfo name.invalid\n"


def test_a_refresh_from_another_folder_looks_nothing_up(place: Place, watched: dict[str, str]) -> None:
    place.land("good.jsonl", message("m1", "web", "digital"))
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.refresh"],
        cwd=elsewhere,
        env={**watched, **place.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert looked_up(watched) == ""


@pytest.mark.parametrize(
    "package", ["ingestion", "expectations", "publishing", "stewardship", "orchestration", "dashboards"]
)
def test_every_package_switches_telemetry_off(watched: dict[str, str], package: str) -> None:
    show = f"import os, {package}; print(sorted(os.environ.items()))"
    shown = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; sys.path += sys.argv[1:];" + show, *sys.path],
        env=watched,
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [name for name, value in OFF.items() if f"{(name, value)!r}" not in shown] == []


def test_tools_that_are_started_by_hand_have_it_off_too(watched: dict[str, str]) -> None:
    """By `throughline.pth`, which `make` writes into .venv: `dbt`, `dagster` and `python` in any folder."""
    if sys.prefix == sys.base_prefix:
        pytest.skip("not in the environment that make installs")
    show = "import os; print(sorted(os.environ.items()))"
    without = {name: value for name, value in watched.items() if name != "PYTHONPATH"}
    shown = subprocess.run(
        [sys.executable, "-c", show], env=without, cwd="/", capture_output=True, text=True, check=True
    ).stdout
    assert [name for name, value in OFF.items() if f"{(name, value)!r}" not in shown] == []

"""The dashboards as `make dashboards` serves them, in a real browser: search, filters and the review decision."""

import csv
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from dashboards.navigation import ENTRIES
from tests.dashboards.browser import CHROMIUM, Browser, browser
from tests.dashboards.oidc_provider import CLIENT, provider
from tests.end_to_end.planted_person import SALT
from tests.end_to_end.workplace import REPOSITORY, State

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
_SECONDS_TO_START = 60.0
FIELD = "document.querySelector('.st-key-customer_search input')"


@dataclass(frozen=True)
class Served:
    """The dashboards of the demo: address, output, and the dbt project for decisions."""

    address: str
    log: Path
    project: Path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dbt project that decisions may be written into."""
    copy = tmp_path_factory.mktemp("project")
    for part in ("seeds", "models"):
        shutil.copytree(REPOSITORY / "dbt_project" / part, copy / part)
    (copy / "target").mkdir()
    shutil.copy(REPOSITORY / "dbt_project" / "target" / "semantic_manifest.json", copy / "target")
    return copy


@pytest.fixture(scope="module")
def served(first: State, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(first, project, tmp_path_factory.mktemp("served"), free_port()) as found:
        yield found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(first: State, project: Path, folder: Path, port: int, **settings: str) -> Iterator[Served]:
    """Serve the dashboards of the demo from a folder, which may have secrets in it."""
    environment = first.place.environment(
        DBT_PROJECT_DIR=str(project),
        MARTS_PATH=str(first.place.marts),
        WAREHOUSE_PATH=str(first.place.warehouse),
        IDENTITY_SALT=SALT,
        **settings,
    )
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboards", "--port", str(port)],
            cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    found = Served(f"http://127.0.0.1:{port}", folder / "log", project)
    try:
        _wait_for(found, server)
        yield found
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


def _wait_for(served: Served, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            assert requests.get(served.address, timeout=5).status_code == 200
            return
        except requests.ConnectionError:
            assert server.poll() is None, served.log.read_text()
            assert time.monotonic() < deadline, served.log.read_text()
            time.sleep(0.2)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_opens_without_an_error_and_fits(served: Served, window: Browser, width: int) -> None:
    for entry in ENTRIES:
        path = "" if entry is ENTRIES[0] else entry.module
        window.open(f"{served.address}/{path}", width)
        window.wait(f"document.querySelector('h1')?.innerText === {entry.title!r}")
        window.settle()
        text = window.text()
        assert "As of" in text, entry.title
        assert "Version" in text, entry.title
        assert not window.run("document.querySelector('[data-testid=stException]') !== null"), text
        assert window.run(_IS_CUT_OFF) == [], entry.title
    assert window.problems == []
    assert _errors_of(served) == []


# Elements wider than their frame, except for tables, which scroll in their own.
_IS_CUT_OFF = """
[...document.querySelectorAll('[data-testid=stMain], .tl-tile, .tl-asof, .tl-table, [data-testid=stPlotlyChart]')]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)
"""


def test_a_customer_is_found_by_typing(served: Served, window: Browser, ask: Any) -> None:
    (order, customer) = ask(
        "select order_id, customer_id from fct_orders where customer_id is not null order by 1 limit 1"
    )
    window.open(f"{served.address}/")
    window.wait(FIELD)
    window.settle()
    window.click(FIELD)
    window.type(order)
    window.wait(f"document.body.innerText.includes({customer!r})")
    window.wait("document.body.innerText.includes('Why this is one person')")
    window.settle()
    assert order in window.text()
    assert window.problems == []


def test_a_filter_changes_what_is_shown(served: Served, window: Browser) -> None:
    window.open(f"{served.address}/journeys")
    window.wait("document.querySelector('.tl-tile b')")
    window.settle()
    before = window.run("document.querySelector('.tl-tile b').innerText")
    window.click(
        "document.querySelector('.st-key-journeys_reach [data-baseweb=select] > div, .st-key-journeys_reach input')"
    )
    option = (
        "[...document.querySelectorAll('[role=option]')].find(each => each.innerText === 'Several channels')"
    )
    window.click(option)
    window.wait(f"document.querySelector('.tl-tile b').innerText !== {before!r}")
    window.settle()
    assert "100.0 %" in window.text()
    assert window.problems == []


def test_a_pair_is_decided_by_two_clicks_and_a_reason(served: Served, window: Browser) -> None:
    window.open(f"{served.address}/identity")
    window.wait("document.querySelector('[data-testid=stForm]')")
    window.settle()
    waiting = int(re.findall(r"([\d,]+) pairs wait", window.text())[0].replace(",", ""))
    form = "document.querySelector('[data-testid=stForm]')"
    window.click(f"{form}.querySelector('input')")
    window.call("Input.insertText", text="Two brothers, by phone")
    window.click(
        f"[...{form}.querySelectorAll('button')].find(each => each.innerText === 'Different people')"
    )
    window.wait("document.body.innerText.includes('Decided: different people')")
    window.settle()
    assert f"{waiting:,} pairs wait, 1 of them are decided" in window.text()
    with (served.project / "seeds" / "identity_decisions.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["decision"], row["reason"]) == ("do_not_link", "Two brothers, by phone")
    assert window.problems == []
    assert _errors_of(served) == []


def test_only_pages_of_its_own_reach_it(served: Served) -> None:
    assert requests.get(served.address, headers={"Host": "evil.test"}, timeout=10).status_code == 400
    health = f"{served.address}/_stcore/health"
    assert requests.get(health, timeout=10).status_code == 200
    assert requests.get(health, headers={"Origin": "http://evil.test"}, timeout=10).status_code == 403


def test_who_signs_in_with_the_company_is_let_in_if_named(
    first: State, project: Path, window: Browser, tmp_path: Path
) -> None:
    """By a real provider of OpenID Connect, through the guard: sent there, sent back, and signed out again."""
    port, provider_port = free_port(), free_port()
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(
        f"""
        [auth]
        redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
        cookie_secret = "{"0123456789abcdef" * 2}"
        client_id = "{CLIENT}"
        client_secret = "secret"
        server_metadata_url = "http://127.0.0.1:{provider_port}/.well-known/openid-configuration"
        """
    )
    with (
        provider(provider_port, "lea@shop.test") as company,
        serving(first, project, tmp_path, port, DASHBOARDS_USERS="@shop.test") as served,
    ):
        for email, said in (
            ("lea@shop.test", "Signed in as lea@shop.test"),
            ("max@elsewhere.test", "max@elsewhere.test may not see people"),
        ):
            company.email = email
            window.open(served.address)
            window.click("document.querySelector('.st-key-sign_in button')")
            window.wait(f"document.body.innerText.includes({said!r})")
            window.settle()
            window.click("document.querySelector('.st-key-sign_out button')")
            window.wait("document.querySelector('.st-key-sign_in button')")
        window.settle()
        assert window.problems == []
        # Authlib warns that its client of HTTP will change.
        assert not re.search("Traceback|ERROR", served.log.read_text())


def _errors_of(served: Served) -> list[str]:
    """Return the server's output without its address."""
    lines = served.log.read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("Dashboards: http://127.0.0.1:")]

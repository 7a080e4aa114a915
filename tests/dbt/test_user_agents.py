"""Programs and people, by the model of user agents and its seeds."""

from types import SimpleNamespace

import duckdb
import pytest

from tests.dbt.rendering import PROJECT, Engine, seed_rows

MODEL = PROJECT / "models/intermediate/records/int_records__user_agents.sql"

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FACEBOOK = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
HEADLESS = CHROME.replace("Chrome/", "HeadlessChrome/")
CUBOT = "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/98.0 Mobile Safari/537.36"
IN_FACEBOOK = CHROME + " [FBAN/FBIOS;FBAV/400.0;FBBV/1;FBDV/iPhone14,5]"
USER_AGENTS = [
    (GOOGLEBOT, True),
    (FACEBOOK, True),
    (HEADLESS, True),
    ("curl/8.4.0", True),
    ("python-requests/2.31", True),
    ("WhatsApp/2.23.20 A", True),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)",
        True,
    ),
    ("meta-externalfetcher/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", True),
    ("Mozilla/5.0 (compatible; SISTRIX Crawler; http://crawler.sistrix.net/)", True),
    ("Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/bot)", True),
    (CHROME + " Chrome-Lighthouse", True),
    (
        CHROME + " (compatible; Google-Read-Aloud; +https://developers.google.com/search/docs/read-aloud)",
        True,
    ),
    ("Mozilla/5.0 (compatible; Uptime-Kuma/1.23)", True),
    (CHROME, False),
    (CUBOT, False),
    (
        "Mozilla/5.0 (Linux; Android 6.0; IDbot553 Build/MRA58K) AppleWebKit/537.36 Chrome/59.0 Mobile Safari/537.36",
        False,
    ),
    (
        "Mozilla/5.0 (Linux; Android 6.0; M BOT 551 Build/MRA58K) AppleWebKit/537.36 Chrome/54.0 Mobile Safari/537.36",
        False,
    ),
    (
        "Mozilla/5.0 (Linux; Android 8.1; CUBOT_P20; wv) AppleWebKit/537.36 Chrome/70.0 Mobile Safari/537.36",
        False,
    ),
    (
        "Mozilla/5.0 (Linux; Android 4.4.2; ViewSonic V500 Build/KVT49L) AppleWebKit/535.19 Chrome/18.0 Safari/535.19",
        False,
    ),
    (IN_FACEBOOK, False),
    (CHROME + " Instagram 300.0.0.29.110 Android", False),
    (CHROME + " Viber/27.4.0.0", False),
    (CHROME + " [Pinterest/Android]", False),
    (CHROME + " musical_ly_2023001 BytedanceWebview/d8a21c6", False),
    (CHROME + " MicroMessenger/8.0.40", False),
    ("CheckoutKiosk/1.2", False),
    ("ShopApp/7.1 okhttp/4.9 (index; capture; survey)", False),
    ("okhttp/4.12.0", False),
    ("Dart/3.2 (dart:io)", False),
    ("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001)", False),
    ("ShopApp/12 CFNetwork/1404.0.5 Darwin/22.3.0", False),
    ("Apache-HttpClient/UNAVAILABLE (java 1.4)", False),
    ("PayPal/8.35.0 (iPhone; iOS 17.2; Scale/3.00)", False),
]


@pytest.fixture(scope="module")
def judged() -> dict[str, bool]:
    """Whether the model takes each agent for a program."""
    macros = SimpleNamespace(
        position=lambda part, text: f"position({part} in {text})",
        type_string=lambda: "varchar",
        type_bigint=lambda: "bigint",
    )
    engine = Engine("duckdb", macros, quote=lambda name: f'"{name}"', replaced={"seed_rows": seed_rows})
    with duckdb.connect() as connection:
        for feed in ("web", "app", "marketing"):
            connection.execute(f"create table stg_{feed}__events (user_agent varchar)")
        connection.executemany(
            "insert into stg_web__events values (?)", [[agent] for agent, _ in USER_AGENTS]
        )
        connection.execute(
            f"create table crawler_user_agents as from '{PROJECT / 'seeds' / 'crawler_user_agents.csv'}'"
        )
        found = connection.execute(f"select user_agent, is_bot from ({engine.render(MODEL)})").fetchall()
    return dict(found)


@pytest.mark.parametrize(("user_agent", "is_bot"), USER_AGENTS)
def test_an_agent_is_a_program_or_a_person(user_agent: str, is_bot: bool, judged: dict[str, bool]) -> None:
    assert judged[user_agent] == is_bot

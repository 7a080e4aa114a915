"""Where visitors come from, by the arrivals' own SQL and seeds, after GA4's default channel grouping."""

from types import SimpleNamespace

import duckdb
import pytest

from tests.dbt.rendering import PROJECT, Engine

MODEL = PROJECT / "models/intermediate/touchpoints/int_touchpoints__arrival_rules.sql"

# Source, medium, parameters of the landing address, host of the referrer; the channel, or None for direct.
ARRIVALS = [
    (("google", "cpc", "", "www.google.com"), "paid"),
    (("bing", "ppc", "", ""), "paid"),
    (("facebook", "paid_social", "", "facebook.com"), "paid"),
    (("inmobi", "mobile-cpc", "", ""), "paid"),
    (("", "", "?gclid=", "www.google.com"), "paid"),
    (("partner", "display", "", ""), "paid"),
    (("partner", "banner", "", ""), "paid"),
    (("dv360", "cpm", "", ""), "paid"),
    (("facebook", "social", "", ""), "social"),
    (("instagram", "", "", ""), "social"),
    (("", "", "", "t.co"), "social"),
    (("", "", "", "lm.facebook.com"), "social"),
    (("google", "organic", "", ""), "organic_search"),
    (("", "", "", "www.google.co.uk"), "organic_search"),
    (("", "", "", "duckduckgo.com"), "organic_search"),
    (("spring", "email", "", ""), "email"),
    (("spring", "e-mail", "", ""), "email"),
    (("", "", "", "mail.google.com"), "email"),
    (("spring", "sms", "", ""), "sms"),
    (("app", "mobile-push", "", ""), "push"),
    (("firebase", "", "", ""), "push"),
    (("blog", "affiliate", "", "blog.example"), "affiliate"),
    (("partner.example", "referral", "", ""), "referral"),
    (("", "", "", "blog.example"), "referral"),
    (("leaflet", "qr", "", ""), "other"),
    (("", "", "?page=", ""), None),
]


@pytest.fixture(scope="module")
def channels() -> dict[tuple[str, ...], str]:
    """The channel of each way of arriving that a rule fits."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_touchpoints__landings (campaign_source varchar, campaign_medium varchar,"
            " landing_parameters varchar, referrer_host varchar)"
        )
        connection.executemany(
            "insert into int_touchpoints__landings values (?, ?, ?, ?)", [list(way) for way, _ in ARRIVALS]
        )
        for seed in ("arrival_channels", "referrer_sites"):
            connection.execute(
                f"create table {seed} as from read_csv('{PROJECT / 'seeds' / seed}.csv', nullstr = '')"
            )
        model = Engine("duckdb", SimpleNamespace(), quote=lambda name: f'"{name}"').render(MODEL)
        found = connection.execute(
            "select campaign_source, campaign_medium, landing_parameters, referrer_host, channel"
            f" from ({model})"
        ).fetchall()
    return {row[:-1]: row[-1] for row in found}


@pytest.mark.parametrize(("way", "channel"), ARRIVALS)
def test_a_way_of_arriving_has_its_channel(
    way: tuple[str, ...], channel: str | None, channels: dict[tuple[str, ...], str]
) -> None:
    assert channels.get(way) == channel

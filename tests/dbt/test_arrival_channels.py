"""Where visitors come from, by the arrivals' own SQL and seeds, after GA4's default channel group."""

from types import SimpleNamespace
from typing import NamedTuple

import duckdb
import pytest

from tests.dbt.rendering import PROJECT, Engine, seed_rows

TOUCHPOINTS = PROJECT / "models/intermediate/touchpoints"
OURS = "https://www.shop.example/"
EVENTS = "page_host varchar, referrer_host varchar, campaign_source varchar"


class Way(NamedTuple):
    """A way of arriving as a message states it."""

    source: str = ""
    medium: str = ""
    url: str = OURS
    referrer: str = ""


def campaigns(channel: str, *words: str) -> list[tuple[Way, str | None]]:
    """Campaigns written as ``source / medium``."""
    return [(Way(*(part.strip() for part in word.split("/"))), channel) for word in words]


def addresses(channel: str | None, *queries: str) -> list[tuple[Way, str | None]]:
    """Addresses that a session began on, without a campaign or referrer."""
    return [(Way(url=OURS + query), channel) for query in queries]


def referrers(channel: str | None, *urls: str) -> list[tuple[Way, str | None]]:
    """Pages and apps that linked to us."""
    return [(Way(referrer=url if "://" in url else f"https://{url}/"), channel) for url in urls]


ARRIVALS = [
    *campaigns(
        "paid", "google / cpc", "bing / PPC", "facebook / paid_social", "inmobi / mobile-cpc", "dv360 / cpm"
    ),
    *campaigns(
        "paid",
        "partner / display",
        "partner / banner",
        "partner / Interstitial",
        "acme / retargeting",
        "acme / cpa",
    ),
    *campaigns(
        "paid",
        "google / cross-network",
        "google / (cross-network)",
        "google / pmax",
        "google / Performance Max",
    ),
    *campaigns(
        "paid", "google / sem", "bing / sea", "bing / ads", "google / AdWords", "google / paid search"
    ),
    *campaigns(
        "paid",
        "meta / Paid-Social",
        "meta / social_paid",
        "meta / social-paid",
        "meta / paidsocial",
        "meta / SocialPaid",
    ),
    *campaigns(
        "paid",
        "meta / social ads",
        "meta / social-ad",
        "meta / facebookads",
        "acme / sponsored",
        "acme / promoted_post",
    ),
    *campaigns(
        "paid",
        "fb / Facebook_Mobile_Feed",
        "ig / Instagram_Stories",
        "fb / Facebook_Right_Column",
        "an / acme",
    ),
    *campaigns("paid", "fb / Facebook_Marketplace", "msg / Messenger_Inbox", "fb / Facebook_Instream_Video"),
    *campaigns("paid", "fb / Audience_Network", "google-ads /", "chatgpt.com / cpc", "youtube / paid-video"),
    *campaigns(
        "social",
        "facebook / social",
        "instagram /",
        "acme / social media",
        "acme / Social-Network",
        "acme / sm",
        "youtube / video",
    ),
    *campaigns(
        "social",
        "facebook / non-paid",
        "facebook / organic_social",
        "acme / unpaid-social",
        "facebook / referral",
    ),
    *campaigns(
        "social", "linkedin / post", "crm / instagram_story", "threads /", "t.co /", "com.reddit.frontpage /"
    ),
    *campaigns(
        "organic_search", "google / organic", "duckduckgo / organic search", "bing /", "gmb /", "acme / seo"
    ),
    *campaigns(
        "email",
        "spring / email",
        "spring / e-mail",
        "spring / E_Mail",
        "Newsletter / acme",
        "acme / newsletter",
        "klaviyo / flow",
    ),
    *campaigns("email", "acme / email-newsletter", "acme / weekly email", "gmail /", "mailchimp / campaign"),
    *campaigns("sms", "spring / sms", "SMS / acme", "attentive / SMS", "acme / text-message", "acme / mms"),
    *campaigns(
        "push",
        "app / mobile-push",
        "firebase / acme",
        "acme / web push",
        "acme / push notification",
        "app / mobile",
    ),
    *campaigns(
        "affiliate", "blog / affiliate", "blog / Affiliates", "awin1.com / acme", "acme / affiliate-marketing"
    ),
    *campaigns(
        "ai_assistant",
        "chatgpt.com /",
        "perplexity / referral",
        "claude.ai / organic",
        "acme / ai-assistant",
        "gemini /",
    ),
    *campaigns(
        "ai_assistant", "ChatGPT / chat", "copilot.com /", "deepseek /", "poe.com / link", "chat-gpt / acme"
    ),
    *campaigns(
        "referral",
        "partner.example / referral",
        "acme / link",
        "app / app",
        "blog.example /",
        "amazon / store",
        "ebay.de /",
    ),
    *campaigns("other", "leaflet / qr", "leaflet /", "acme / direct mail", "radio / spot"),
    *addresses(
        "paid",
        "?gclid=a",
        "?GCLID=a",
        "?gbraid=a",
        "?wbraid=a",
        "?gad_source=1",
        "?gad_campaignid=7",
        "?dclid=a",
    ),
    *addresses(
        "paid", "?msclkid=a", "?ttclid=a", "?twclid=a", "?li_fat_id=a", "?rdt_cid=1", "?ScCid=a", "?epik=a"
    ),
    *addresses(
        "paid",
        "?yclid=9",
        "?qclid=7",
        "?tblci=a",
        "?dicbo=a",
        "?x=1&OutbrainClickId=a",
        "#gclid=a",
        "#/home?gclid=a",
    ),
    *addresses(
        "affiliate",
        "?irclickid=a",
        "?cjevent=a",
        "?awc=1_2",
        "?ranSiteID=a",
        "?sscid=a",
        "?irgwc=1",
        "?tduid=a",
    ),
    *addresses(
        "email",
        "?mc_cid=1&mc_eid=2",
        "?_kx=a.b",
        "?_hsenc=a&_hsmi=1",
        "?mkt_tok=a",
        "?elqTrackId=a",
        "?__s=a",
    ),
    *addresses("social", "?fbclid=a", "?igsh=a", "?igshid=a", "?page=2&amp;fbclid=a"),
    *addresses("organic_search", "?srsltid=a", "?ysclid=a"),
    *addresses(None, "?page=2", "?q=gclid", "?xgclid=1", "?to=https://x.example/?gclid=1", "?gclidx=1"),
    *referrers(
        "social", "t.co", "lm.facebook.com", "out.reddit.com", "www.youtube.com", "m.vk.com", "blog.naver.com"
    ),
    *referrers(
        "social",
        "android-app://com.linkedin.android/",
        "android-app://com.reddit.frontpage",
        "android-app://com.pinterest",
    ),
    *referrers(
        "social",
        "android-app://com.zhiliaoapp.musically",
        "android-app://com.snapchat.android",
        "pinterest.com.mx",
    ),
    *referrers(
        "social",
        "android-app://com.facebook.katana/",
        "android-app://com.instagram.barcelona",
        "android-app://com.whatsapp",
    ),
    *referrers(
        "organic_search",
        "www.google.com",
        "www.google.co.uk",
        "duckduckgo.com",
        "search.yahoo.co.jp",
        "www.baidu.com",
    ),
    *referrers(
        "organic_search",
        "yandex.ru",
        "search.naver.com",
        "coccoc.com",
        "search.brave.com",
        "metager.de",
        "go.mail.ru",
    ),
    *referrers(
        "organic_search",
        "android-app://com.google.android.googlequicksearchbox",
        "suche.web.de",
        "swisscows.com",
    ),
    *referrers(
        "email",
        "mail.google.com",
        "navigator.gmx.net",
        "navigator.web.de",
        "messagerie.orange.fr",
        "email.t-online.de",
    ),
    *referrers(
        "email",
        "email.seznam.cz",
        "mail1.libero.it",
        "outlook.office.com",
        "mail.yandex.com",
        "deref-gmx.net",
    ),
    *referrers(
        "email",
        "android-app://com.google.android.gm/",
        "webmail.bluewin.ch",
        "outlook.office365.com",
        "mail.proton.me",
    ),
    *referrers(
        "email",
        "outlook.cloud.microsoft",
        "poczta.onet.pl",
        "e.mail.ru",
        "mail.163.com",
        "zimbra.free.fr",
        "mail.aol.com",
    ),
    *referrers(
        "ai_assistant",
        "chatgpt.com",
        "www.perplexity.ai",
        "gemini.google.com",
        "copilot.microsoft.com",
        "claude.ai",
    ),
    *referrers(
        "ai_assistant",
        "chat.mistral.ai",
        "grok.com",
        "android-app://com.openai.chatgpt",
        "chat.deepseek.com",
        "www.meta.ai",
    ),
    *referrers("paid", "googleads.g.doubleclick.net", "trc.taboola.com"),
    *referrers("affiliate", "www.awin1.com"),
    *referrers(
        "referral",
        "blog.example",
        "netflix.com",
        "notgoogle.com",
        "google.com.evil.example",
        "fake-paypal.example",
    ),
    *referrers("referral", "docs.google.com", "www.amazon.de", "mychatgpt.example", "news.mail.ru"),
    *referrers(
        None,
        "www.paypal.com",
        "checkout.stripe.com",
        "pay.klarna.com",
        "shop.app",
        "hooks.stripe.com",
        "www.mollie.com",
    ),
    *referrers(
        None,
        "acs2.bank.example",
        "3ds.bank.example",
        "authentication.cardinalcommerce.com",
        "checkout.other.example",
    ),
    *referrers(
        None,
        "secure.przelewy24.pl",
        "payments.amazon.com",
        "live.adyen.com",
        "pay.google.com",
        "checkout.shopify.com",
    ),
    *referrers(
        None,
        "accounts.google.com",
        "login.microsoftonline.com",
        "appleid.apple.com",
        "tenant.eu.auth0.com",
        "acme.okta.com",
    ),
    *referrers(
        None,
        "sso.partner.example",
        "login.partner.example",
        "x.b2clogin.com",
        "shop.auth.eu-west-1.amazoncognito.com",
    ),
    *referrers(None, "www.shop.example", "blog.shop.example", "outlet.example", "www.outlet.example"),
    # An event on a page of Google's must not make it one of our sites.
    (Way(referrer="https://www.google.de/"), "organic_search"),
    # A campaign wins over the referrer, and an ad's click over what is not paid.
    (Way("google", "cpc", referrer="https://www.facebook.com/"), "paid"),
    (Way("google", "organic", OURS + "?gclid=a"), "paid"),
    (Way("fb", "Facebook_Mobile_Reels", OURS + "?fbclid=1"), "paid"),
    (Way("spring", "email", OURS + "?fbclid=1"), "email"),
    (Way("", "", OURS + "?fbclid=1", "https://www.google.com/"), "social"),
    (Way("", "", OURS + "?mc_cid=1", "https://www.paypal.com/"), "email"),
    (Way("", "", OURS + "?srsltid=1", "https://www.google.com/"), "organic_search"),
    # A source alone that is unknown leaves it to the referrer, as placeholders do.
    (Way("chatgpt.com", "", OURS, "https://chatgpt.com/"), "ai_assistant"),
    (Way("leaflet", "", OURS, "https://www.google.com/"), "organic_search"),
    (Way("leaflet", "", OURS, "https://www.paypal.com/"), "other"),
    (Way("(direct)", "(none)", OURS, "https://www.google.com/"), "organic_search"),
    (Way("(not set)", "(not set)", OURS, "https://www.google.com/"), "organic_search"),
    (Way("null", "undefined", OURS, "https://t.co/"), "social"),
    (Way("{{site_source_name}}", "{{placement}}", OURS, "https://www.facebook.com/"), "social"),
    (Way("[source]", "%%MEDIUM%%", OURS, "https://chatgpt.com/"), "ai_assistant"),
    (Way("${source}", "__MEDIUM__", OURS + "?gclid=1", ""), "paid"),
    (Way("(direct)", "(none)"), None),
    (Way("*|SOURCE|*", "{medium}"), None),
    (Way("{{site_source_name}}", "paid_social"), "paid"),
]


@pytest.fixture(scope="module")
def channels() -> dict[Way, str]:
    """The channel of each way of arriving that a rule fits."""
    macros = SimpleNamespace(
        concat=" || ".join,
        position=lambda part, text: f"position({part} in {text})",
        type_string=lambda: "varchar",
        type_int=lambda: "integer",
    )
    engine = Engine("duckdb", macros, quote=lambda name: f'"{name}"', replaced={"seed_rows": seed_rows})
    with duckdb.connect() as connection:
        connection.execute(
            "create table ways (source varchar, medium varchar, url varchar, referrer varchar)"
        )
        connection.executemany("insert into ways values (?, ?, ?, ?)", [list(way) for way, _ in ARRIVALS])
        connection.execute(f"""
            create table landings as
            select
                ways.*,
                coalesce(lower({engine.call("campaign_text", "source")}), '') as campaign_source,
                coalesce({engine.call("campaign_words", engine.call("campaign_text", "medium"))}, '')
                    as campaign_medium,
                coalesce({engine.call("url_parameter_names", "url")}, '') as landing_parameters,
                coalesce({engine.call("url_host", "referrer")}, '') as referrer_host
            from ways
        """)
        connection.execute("create table int_touchpoints__landings as from landings")
        for feed in ("web", "app", "marketing"):
            connection.execute(f"create table stg_{feed}__events ({EVENTS})")
        connection.execute(
            "insert into stg_web__events select 'www.shop.example', referrer_host, campaign_source from landings"
        )
        connection.execute(
            "insert into stg_web__events (page_host) values ('www.outlet.example'), ('www.google.de')"
        )
        for seed in ("arrival_channels", "referrer_hosts", "click_ids"):
            connection.execute(
                f"create table {seed} as from read_csv('{PROJECT / 'seeds' / seed}.csv', nullstr = '')"
            )
        for model in (
            "int_touchpoints__own_sites",
            "int_touchpoints__sites",
            "int_touchpoints__arrival_rules",
        ):
            connection.execute(f"create table {model} as {engine.render(TOUCHPOINTS / f'{model}.sql')}")
        found = connection.execute(
            "select source, medium, url, referrer, channel from landings join int_touchpoints__arrival_rules using"
            " (campaign_source, campaign_medium, landing_parameters, referrer_host)"
        ).fetchall()
    return {Way(*row[:-1]): row[-1] for row in found}


@pytest.mark.parametrize(("way", "channel"), ARRIVALS)
def test_a_way_of_arriving_has_its_channel(way: Way, channel: str | None, channels: dict[Way, str]) -> None:
    assert channels.get(way) == channel

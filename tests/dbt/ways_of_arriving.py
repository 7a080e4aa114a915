"""Campaigns and addresses with which a session can begin, each with its channel; None for no arrival."""

from typing import NamedTuple

OURS = "https://www.shop.example/"


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


CAMPAIGNS_AND_ADDRESSES = [
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

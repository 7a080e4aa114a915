"""Refreshes the seed of crawlers from the package `crawler-user-agents`, at the version that the lock names.

``python -m stewardship.lists`` (``make lists``)

The package's patterns are expanded to plain names, because the model searches for a thousand names in every user
agent. Patterns that are not names are left out, and so are names that also occur in people's browsers, apps and
phones: they are listed below, with what they would match. Our own additions are in ``bot_user_agents``.
"""

import csv
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from stewardship.warehouse import project_path

SEED = Path("seeds/crawler_user_agents.csv")
# Libraries of apps, and apps with a browser.
PEOPLES = frozenset({
    "okhttp", "HttpUrlConnection", "AHC/", "Jetty", "WhatsApp", "Viber", "Mastodon", "Bluesky/",
    "Tumblr/", "Notion/", "Disqus", "Goodreads", "Grammarly/", "Instapaper/", "Podimo", "Overcast/",
    "PocketCasts/", "Feedly", "Code/1.", "Trae/", "Fluid", "Operator/", "Valve/Steam", "PayPal/",
    "Klaviyo/", "Sogou", "coccoc", "Daum/", "Genieo", "NING/", "HubSpot", "Salesforce.com", "mail.ru",
    "Crazy Egg", "Hotjar", "OneTrust", "CapitalOneShopping", "MetaIAB Facebook",
    "Chrome Privacy Preserving Prefetch Proxy",
    # Words in names of phones, tablets and Android builds.
    "AP3A.240617.008", "Sonic", "Butterfly", "Fever", "Expanse", "Chirp", "RED/", "Make/", "008/",
    "Silk/", "Hello World",
})  # fmt: skip


def plain_names(pattern: str) -> list[str]:
    """Return the names that a pattern matches; none if it has more than names and alternatives."""
    group = re.search(r"\(([\w |]+)\)", pattern)
    if group:
        before, after = pattern[: group.start()], pattern[group.end() :]
        return [name for choice in group[1].split("|") for name in plain_names(before + choice + after)]
    names = [""]
    for part in re.findall(r"\\.|\[[^\]]+\]|[^\\\[\]]", pattern):
        if part.startswith("[") and part[1] != "^":
            choices = list(part[1:-1])
        elif part.startswith("\\") and not part[1].isalnum():
            choices = [part[1]]
        elif part not in "^$.*+?()|{}" and not part.startswith(("[", "\\")):
            choices = [part]
        else:
            return []
        names = [name + choice for name in names for choice in choices]
    return names


def crawlers(listed: list[dict[str, Any]]) -> dict[str, str]:
    """Return name and kind of each crawler of the package that goes into the seed."""
    found: dict[str, str] = {}
    for entry in listed:
        kind = next(iter(entry.get("tags") or []), "crawler")
        for name in plain_names(entry["pattern"]):
            if len(name) > 3 and name not in PEOPLES:
                found.setdefault(name, kind)
    return found


def main() -> int:
    """Write the seed and print how many names it has."""
    found = crawlers(CRAWLER_USER_AGENTS_DATA)
    seed = project_path() / SEED
    with seed.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["crawler_name", "crawler_kind"])
        rows.writerows(sorted(found.items()))
    print(f"{seed}: {len(found)} names from crawler-user-agents {version('crawler-user-agents')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

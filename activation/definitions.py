"""The definition of an audience: a YAML file in `audiences/` with the name of the audience."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MESSAGES = ("email", "sms", "push")
ADS = "ads"
PURPOSES = {**dict.fromkeys(MESSAGES, "marketing"), ADS: "advertising"}
CSV, PARQUET = "csv", "parquet"
# Kinds of destinations, and the formats of files.
KINDS: dict[str, tuple[str, ...]] = {"files": (CSV, PARQUET), "webhook": (), "ads": (CSV, PARQUET)}
# The form of owners in Dagster.
_OWNER = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|team:[A-Za-z0-9_]+")
_MEMBERS = "select customer_id from fct_segment_membership where segment = '{}' and is_current"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class AudienceError(ValueError):
    """An audience cannot be read, counted or sent; the message says which and why."""


@dataclass(frozen=True)
class Cap:
    """At most so many messages of the brand on the channel in so many days."""

    messages: int
    days: int


@dataclass(frozen=True)
class Audience:
    """Who is meant, why, by whom, on which channel, and to where they are sent.

    Members are those of `segment`, a row of the seed `segments`, or else those that `sql` returns as customer_id.
    `holdout_share` of the members, always the same people, are not sent, so that the effect can be measured.
    """

    name: str
    owner: str
    description: str
    channel: str
    sql: str
    destination: dict[str, Any]
    frequency_cap: Cap | None = None
    holdout_share: float = 0.0
    segment: str = ""

    @property
    def purpose(self) -> str:
        """The purpose that members must have consented to."""
        return PURPOSES[self.channel]


def read_audiences(folder: Path) -> list[Audience]:
    """Read all audiences of a folder, by name. Raises AudienceError."""
    return [read_audience(file) for file in sorted(folder.glob("*.yml"))]


def read_audience(file: Path) -> Audience:
    """Read one audience. Raises AudienceError."""
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AudienceError(f"There is no audience {file.stem}: {file} does not exist.") from None
    except yaml.YAMLError as error:
        raise AudienceError(f"{file} is no YAML: {error}") from error
    if not isinstance(given, dict):
        raise AudienceError(f"{file} must hold the fields of an audience.")
    return _audience(file, dict(given))


def _audience(file: Path, given: dict[str, Any]) -> Audience:
    def need(name: str, kind: type) -> Any:
        value = given.pop(name, None)
        if not isinstance(value, kind) or not value:
            raise AudienceError(f"{file}: {name} is missing, or not what it must be.")
        return value

    if not _NAME.fullmatch(file.stem):
        raise AudienceError(f"{file}: an audience's name is of small letters, digits and underscores.")
    channel = need("channel", str)
    if channel not in PURPOSES:
        raise AudienceError(f"{file}: channel is {channel!r}, but must be one of {', '.join(PURPOSES)}.")
    destination = _destination(file, need("destination", dict))
    purpose = need("purpose", str)
    if purpose != PURPOSES[channel]:
        raise AudienceError(
            f"{file}: purpose is {purpose!r}, but what is sent by {channel} is for {PURPOSES[channel]}."
        )
    owner = need("owner", str)
    if not _OWNER.fullmatch(owner):
        raise AudienceError(f"{file}: owner must be an e-mail address, or team: and a name.")
    share = given.pop("holdout_share", 0.0)
    if not isinstance(share, int | float) or not 0 <= share < 1:
        raise AudienceError(f"{file}: holdout_share must be a number from 0 to below 1.")
    cap = given.pop("frequency_cap", None)
    try:
        found = Cap(int(cap["messages"]), int(cap["days"])) if cap else None
    except (KeyError, TypeError, ValueError):
        raise AudienceError(f"{file}: frequency_cap needs messages and days, two whole numbers.") from None
    if ("segment" in given) == ("sql" in given):
        raise AudienceError(f"{file} must have either segment, a name in seeds/segments.csv, or sql.")
    segment = need("segment", str) if "segment" in given else ""
    if segment and not _NAME.fullmatch(segment):
        raise AudienceError(f"{file}: {segment!r} is no name of a segment.")
    audience = Audience(
        name=file.stem,
        owner=owner,
        description=need("description", str),
        channel=channel,
        segment=segment,
        sql=_MEMBERS.format(segment) if segment else need("sql", str),
        destination=destination,
        frequency_cap=found,
        holdout_share=float(share),
    )
    if given:
        raise AudienceError(f"{file}: unknown: {', '.join(sorted(given))}.")
    return audience


def _destination(file: Path, given: dict[str, Any]) -> dict[str, Any]:
    kind = given.get("kind")
    if kind not in KINDS or not given.get("url"):
        raise AudienceError(f"{file}: destination needs a url, and a kind of {', '.join(KINDS)}.")
    if unknown := given.keys() - {"kind", "url", "format"}:
        raise AudienceError(f"{file}: destination has unknown fields: {', '.join(sorted(unknown))}.")
    if "format" in given and given["format"] not in KINDS[kind]:
        raise AudienceError(
            f"{file}: format must be one of {CSV}, {PARQUET}, and is for destinations with files only."
        )
    return given

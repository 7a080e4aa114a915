"""Alerts: what somebody has to know, written to the log and, if one is set, sent to a webhook.

    runs that failed                `failures.py`, when the run ends, whoever ran it
    locations that became silent    a check after publishing, `assets/checks.py`
    figures that break a rule       a check after publishing, `assets/checks.py`
    marts that became stale         a sensor, once a day, `definitions.py`

Alerting never fails and never delays a run. An alert is sent to others, so it contains no values of records.
"""

import json
import logging
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO

from expectations.values import without_quoted
from ingestion.errors import without_secrets
from orchestration.settings import Settings
from printable import escaped, without_contacts

_MOST_FINDINGS = 10
_MOST_CHARACTERS = 300
# Slack cuts longer texts.
_MOST_POSTED = 3000
SECONDS_PER_ANSWER = 5.0
_LONG_NUMBER = re.compile(r"\+?\d[\d ().-]{5,}\d")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, why in a sentence, and what somebody must do about it."""

    where: str
    cause: str
    to_do: str


@dataclass(frozen=True)
class Alert:
    """What is reported at once: a title and what was found."""

    title: str
    findings: Sequence[Finding]

    @property
    def text(self) -> str:
        """The alert as a person reads it; what is to be done is said once."""
        shown = self.findings[:_MOST_FINDINGS]
        lines = [f"Throughline: {self.title}"]
        lines += [f"• {finding.where}: {finding.cause}" for finding in shown]
        if len(self.findings) > len(shown):
            lines.append(f"• and {len(self.findings) - len(shown)} more")
        lines += dict.fromkeys(f"What to do: {finding.to_do}" for finding in shown)
        return "\n".join(map(escaped, lines))


def send_alert(alert: Alert, settings: Settings, log: logging.Logger) -> None:
    """Put the alert into the log and post it to the webhook that is set, if one is; never raises."""
    log.warning(alert.text)
    if not settings.alerts_webhook_url:
        log.info("ALERTS_WEBHOOK_URL is not set: the alert is only in this log.")
        return
    problem = post(settings.alerts_webhook_url, alert.text)
    if problem:
        log.error(f"The alert was not delivered to the webhook: {problem}.")
    else:
        log.info("The alert was delivered to the webhook.")


def first_sentence(text: str) -> str:
    """Return the first sentence of an error or a verdict, without passwords and values of records."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "no cause is known")
    return without_values(line.split(". ")[0])[:_MOST_CHARACTERS].rstrip(".") + "."


def without_values(text: str) -> str:
    """Put what may be a value out of sight: quoted text, addresses, long numbers, passwords in URLs."""
    hidden = without_quoted(without_contacts(without_secrets(text)))
    return _LONG_NUMBER.sub("…", hidden)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Following one, urllib asks the other address for a page, without the text, and any page would be an answer."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow none: the answer is then an error as any other."""


def post(url: str, text: str, seconds: float = SECONDS_PER_ANSWER) -> str:
    """Post `text` to `url`; return what went wrong in words, or nothing. Gives up after `seconds`.

    Neither the address nor what the other side says is in the answer: the address is a secret.
    """
    outcome: list[str] = []
    # A time limit of the socket restarts with every byte, so one that drips would hold us for ever.
    thread = threading.Thread(target=lambda: outcome.append(_post(url, text, seconds)), daemon=True)
    thread.start()
    thread.join(seconds)
    return outcome[0] if outcome else _silent(seconds)


def _post(url: str, text: str, seconds: float) -> str:
    body = json.dumps({"text": _without_markup(text)[:_MOST_POSTED]}).encode()
    try:
        request = urllib.request.Request(url, body, {"Content-Type": "application/json; charset=utf-8"})
        urllib.request.build_opener(_NoRedirects).open(request, timeout=seconds).close()
    except urllib.error.HTTPError as error:
        error.close()
        return f"it answers {error.code}" + (" and leads elsewhere" if 300 <= error.code < 400 else "")
    except Exception as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, TimeoutError):
            return _silent(seconds)
        # What the operating system says names no address; what libraries say may quote it.
        said = cause.strerror if isinstance(cause, OSError) and cause.strerror else type(cause).__name__
        return f"it cannot be reached ({said})"
    return ""


def _silent(seconds: float) -> str:
    return f"it gave no answer in {seconds:g} s"


def _without_markup(text: str) -> str:
    """Keep Slack from reading markup in the text; `<!channel>` would call everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Alerts: what somebody has to know, written to the log and, if one is set, sent to a webhook.

    failures.py         a run that failed            reported when it ends, whoever ran it
    silence.py          locations gone silent        reported by a check after publishing
    business_alerts.py  figures that break a rule    reported by a check after publishing
    staleness.py        marts that grow old          reported by a sensor, once a day

Alerting never fails and never holds up a run. An alert leaves the house, so it holds no values of records.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from expectations.values import without_quoted
from ingestion.secrets import without_secrets
from orchestration.settings import Settings
from orchestration.webhook import post
from printable import escaped, without_contacts

_MOST_FINDINGS = 10
_MOST_CHARACTERS = 300
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


def tell(alert: Alert, settings: Settings, log: logging.Logger) -> None:
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

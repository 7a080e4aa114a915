"""Answers over HTTP, read up to a size and a time and no further, so that no server fills our memory or holds us up.

A time limit of a socket begins again with every byte, so an answer is read in a thread of its own, which is left
alone when the time is up.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from ingestion.settings import number, variable

# Zendesk's fullest page, of a thousand objects of tens of kilobytes, is smaller; in memory it is several times as much.
LARGEST_ANSWER = 128 * 1024**2
# What urllib3 would cut a wait to is not what the server asked for.
_ANY_WAIT = 10**9
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,80})", re.IGNORECASE)


class AnswerTooLargeError(Exception):
    """An answer is larger than may be."""


class RudeAnswerError(Exception):
    """The server keeps us waiting, or answers with something else than data; the message continues its address."""


@dataclass(frozen=True)
class Patience:
    """How long a source over HTTP may take: for one answer, for all of them, and between two attempts."""

    source: str
    request_seconds: float
    deadline_minutes: float
    longest_wait_seconds: float
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, source: str) -> "Patience":
        """Read the settings of a source; the time of all answers begins now."""
        return cls(
            source,
            number(source, "request_seconds", 120.0),
            number(source, "deadline_minutes", 30.0),
            number(source, "longest_wait_seconds", 300.0),
        )

    @property
    def seconds_left(self) -> float:
        """What is left of the time of all answers."""
        return self.started + self.deadline_minutes * 60 - time.monotonic()

    def too_slow(self) -> RudeAnswerError:
        """Say which time is up."""
        if self.seconds_left <= 0:
            name, spent = variable(self.source, "deadline_minutes"), f"{self.deadline_minutes:g} minutes"
            return RudeAnswerError(f"is not read to its end after {spent} ({name})")
        name = variable(self.source, "request_seconds")
        return RudeAnswerError(f"gives no whole answer within {self.request_seconds:g} s ({name})")

    def check_wait(self, seconds: float) -> None:
        """Raise RudeAnswerError for a wait that is too long to be waited out."""
        name = variable(self.source, "longest_wait_seconds")
        if seconds > self.longest_wait_seconds:
            limit = f"longer than {self.longest_wait_seconds:g} s ({name})"
            raise RudeAnswerError(f"asks to wait for {seconds:,.0f} s, {limit}")
        if seconds > self.seconds_left:
            name, whole = variable(self.source, "deadline_minutes"), f"{self.deadline_minutes:g} minutes"
            raise RudeAnswerError(
                f"asks to wait for {seconds:,.0f} s, beyond the {whole} for all of it ({name})"
            )


class BoundedAnswers(HTTPAdapter):
    """Hands on answers that came whole, in time and as data.

    Raises AnswerTooLargeError for one whose bytes, unzipped, are more than may be, and RudeAnswerError for one that
    takes too long, asks for too long a wait, leads elsewhere or is a web page.
    """

    def __init__(self, patience: Patience) -> None:
        super().__init__()
        self._patience = patience

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request and read the whole answer."""
        outcome: list[Response | Exception] = []

        def ask() -> None:
            try:
                response = super(BoundedAnswers, self).send(request, *args, **options)
                # Read to its end here, as long as the clock is watched.
                _ = response.content
                outcome.append(response)
            except Exception as error:
                outcome.append(error)

        thread = Thread(target=ask, daemon=True)
        thread.start()
        thread.join(max(0.0, min(self._patience.request_seconds, self._patience.seconds_left)))
        if not outcome:
            raise self._patience.too_slow()
        answer = outcome[0]
        if isinstance(answer, Exception):
            raise answer
        self._check(answer)
        return answer

    def _check(self, answer: Response) -> None:
        if answer.status_code in (429, 503) and (wait := answer.headers.get("Retry-After")):
            self._patience.check_wait(_seconds(wait))
        if 300 <= answer.status_code < 400:
            name = variable(self._patience.source, "base_url")
            raise RudeAnswerError(
                f"leads elsewhere ({answer.status_code}), {_place(answer)}, which is not followed; is {name} right?"
            )
        if answer.ok and _is_web_page(answer):
            raise RudeAnswerError(f"answers with a web page{_titled(answer)} in the place of JSON")

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Make the answer, its bytes being counted as they are read."""
        response = super().build_response(req, resp)
        response.raw = _Counted(response.raw)
        return response


class _Counted:
    """The bytes of an answer, as urllib3 gives them."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amount: int, **options: Any) -> Iterator[bytes]:
        """Yield the bytes, some at a time."""
        size = 0
        for chunk in self._raw.stream(amount, **options):
            size += len(chunk)
            if size > LARGEST_ANSWER:
                self._raw.close()
                raise AnswerTooLargeError(f"the answer is larger than {LARGEST_ANSWER // 1024**2} MiB")
            yield chunk


def _seconds(retry_after: str) -> float:
    try:
        return Retry(retry_after_max=_ANY_WAIT).parse_retry_after(retry_after)
    except (InvalidHeader, ValueError, OverflowError):
        return 0.0


def _place(answer: Response) -> str:
    """Say where an answer leads, without what follows the path: it may hold a token."""
    try:
        parts = urlsplit(answer.headers.get("Location", ""))
        return f"to {parts._replace(query='', fragment='').geturl()}" if parts.geturl() else "nowhere"
    except ValueError:
        return "nowhere"


def _is_web_page(answer: Response) -> bool:
    kind = answer.headers.get("Content-Type", "").lower()
    return "html" in kind or answer.content[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _titled(answer: Response) -> str:
    found = _TITLE.search(answer.content[:10_000])
    return f' titled "{found[1].decode(errors="replace").strip()}"' if found else ""

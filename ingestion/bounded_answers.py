"""Answers over HTTP that are read up to a size and no further, so that no server fills our memory."""

from collections.abc import Iterator
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

# Zendesk's fullest page, of a thousand objects of tens of kilobytes, is smaller; in memory it is several times as much.
LARGEST_ANSWER = 128 * 1024**2


class AnswerTooLargeError(Exception):
    """An answer is larger than may be."""


class BoundedAnswers(HTTPAdapter):
    """Hands on answers whose bytes, unzipped, raise AnswerTooLargeError where they are more than may be."""

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

"""Posting a text to a webhook as Slack takes it, without ever failing, hanging or naming the address."""

import json
import threading
import urllib.error
import urllib.request
from http.client import HTTPMessage
from typing import IO

# Slack cuts longer texts.
MOST_CHARACTERS = 3000
SECONDS_PER_ANSWER = 5.0


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
    body = json.dumps({"text": _escaped(text)[:MOST_CHARACTERS]}).encode()
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


def _escaped(text: str) -> str:
    """Keep Slack from reading markup in the text; `<!channel>` would call everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

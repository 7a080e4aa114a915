"""A Zendesk-compatible API, read page by page with dlt's REST client.

429 is answered by waiting as ``Retry-After`` says, 5xx and lost connections by trying again with growing
pauses, as often as dlt's runtime settings say (``RUNTIME__REQUEST_MAX_ATTEMPTS`` and so on), and no longer than
``http_answers.Patience`` allows.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client.auth import AuthConfigBase, BearerTokenAuth, HttpBasicAuth
from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import HTTPError, JSONDecodeError, Request, RequestException, Response

from ingestion.errors import SourceError, cause_of
from ingestion.keyed.http_answers import AnswerTooLargeError, BoundedAnswers, Patience, RudeAnswerError
from ingestion.settings import number, variable

# Zendesk fills a page of a time export up to this; a page with fewer is the last.
FULL_PAGE = 1000
# So many pages in a row without anything new: the API goes on for ever.
MOST_PAGES_WITHOUT_NEWS = 100
# So many pages of one list in a run, each with something new: ten million tickets, or an API without end.
MOST_PAGES = 10_000.0


@dataclass(frozen=True)
class Page:
    """One answer: its address below the root, its records, and what its bytes say."""

    address: str
    records: list[Any]
    size: int
    checksum: str


class Pages(BasePaginator):
    """Pages that are each asked for once, so that an API that goes round in circles is left.

    So is one whose pages, though always others, bring what was read before, or nothing. Of what was read a number
    is kept for each record and change of it: a change of many records may fill page after page with them again.

    ``lost`` says why there is no way on from the last page read, where there should be.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[object] = set()
        self._records: set[int] = set()
        self._pages_without_news = self._pages = 0
        self._most_pages = number("support", "most_pages", MOST_PAGES)
        self.lost = ""

    def _go_on(self, place: object, records: list[Any] | None, *, has_more: bool) -> None:
        self._look_for_news(records or [])
        self._pages += 1
        if has_more and not place:
            self.lost = "a page that is not the last does not say what comes next"
        elif has_more and place in self._seen:
            self.lost = f"a page leads back to {place!r}, which was read before"
        elif has_more and self._pages >= self._most_pages:
            name = variable("support", "most_pages")
            self.lost = f"{self._pages:,} pages are read, and it says that there are more ({name})"
        elif has_more and self._pages_without_news >= MOST_PAGES_WITHOUT_NEWS:
            self.lost = f"{MOST_PAGES_WITHOUT_NEWS} pages in a row brought nothing that was not read before"
        self._seen.add(place)
        self._has_next_page = has_more and not self.lost

    def _look_for_news(self, records: list[Any]) -> None:
        before = len(self._records)
        self._records.update(map(_number_of, records))
        self._pages_without_news = 0 if len(self._records) > before else self._pages_without_news + 1


class CursorExport(Pages):
    """Incremental exports by cursor: ``after_cursor`` until ``end_of_stream``."""

    _cursor: str | None = None

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Take the next cursor from an answer."""
        body = response.json()
        self._cursor = body.get("after_cursor")
        self._go_on(self._cursor, data, has_more=not body.get("end_of_stream", not self._cursor))

    def update_request(self, request: Request) -> None:
        """Ask for what comes after the cursor."""
        request.params = {"cursor": self._cursor}


class TimeExport(Pages):
    """Incremental exports by time: from ``end_time`` on, until ``end_of_stream`` or a page not full."""

    _start_time = 0

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Take the next start from an answer."""
        body = response.json()
        self._start_time = int(body.get("end_time") or 0)
        at_end = body.get("end_of_stream", len(data or []) < FULL_PAGE)
        self._go_on(self._start_time, data, has_more=not at_end)

    def update_request(self, request: Request) -> None:
        """Ask for what comes from that time on."""
        request.params = {**(request.params or {}), "start_time": self._start_time}


class CursorPages(Pages):
    """Ordinary lists by cursor: ``page[after]`` while ``meta.has_more``."""

    _after: str | None = None

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Take the next cursor from an answer."""
        meta = response.json().get("meta") or {}
        self._after = meta.get("after_cursor")
        self._go_on(self._after, data, has_more=bool(meta.get("has_more")))

    def update_request(self, request: Request) -> None:
        """Ask for the page after the cursor."""
        request.params = {**(request.params or {}), "page[after]": self._after}


def _number_of(record: Any) -> int:
    change = (record.get("id"), record.get("updated_at")) if isinstance(record, dict) else record
    return hash(repr(change))


class SupportDesk:
    """The API at ``base_url``: basic credentials of email and token, or the token alone."""

    def __init__(self, base_url: str, email: str, token: str) -> None:
        self.base_url = base_url.rstrip("/").removesuffix("/api/v2")
        patience = Patience.of("support")
        config = resolve_configuration(RuntimeConfiguration())
        config.request_max_retry_delay = patience.longest_wait_seconds
        client = Client(raise_for_status=False)
        client.update_from_config(config)
        session = client.session
        for scheme in ("https://", "http://"):
            session.mount(scheme, BoundedAnswers(patience))
        auth: AuthConfigBase = HttpBasicAuth(f"{email}/token", token) if email else BearerTokenAuth(token)
        self._client = RESTClient(self.base_url, auth=auth, session=session)

    def pages(self, path: str, name: str, params: dict[str, Any], paginator: Pages) -> Iterator[Page]:
        """Yield the pages of an endpoint; ``name`` is the list of records in an answer.

        Raises SourceError if the API cannot be reached, refuses, or answers something else.
        """
        try:
            answers = self._client.paginate(
                path, params=params, paginator=paginator, data_selector=name, allow_redirects=False
            )
            for answer in answers:
                yield self._page(answer.response, name)
            if paginator.lost:
                raise SourceError("support", f"{self.base_url}{path} breaks off: {paginator.lost}")
        except HTTPError as error:
            raise SourceError("support", self._refusal(path, error)) from error
        except AnswerTooLargeError as error:
            raise SourceError("support", f"cannot read {self.base_url}{path}: {error}") from error
        except RudeAnswerError as error:
            raise SourceError("support", f"{self.base_url}{path} {error}") from error
        except (JSONDecodeError, RecursionError) as error:
            raise SourceError("support", f"{self.base_url}{path} does not answer with JSON") from error
        except (AttributeError, TypeError, ValueError) as error:
            problem = f"{self.base_url}{path} does not answer as Zendesk does: {cause_of(error)}"
            raise SourceError("support", problem) from error
        except RequestException as error:
            raise SourceError("support", f"cannot reach {self.base_url}{path}: {cause_of(error)}") from error

    def _page(self, response: Response, name: str) -> Page:
        records = response.json().get(name)
        if not isinstance(records, list):
            raise SourceError("support", f"{response.url} answers without a list of {name}")
        url = urlsplit(response.url)
        address = f"{url.path}?{url.query}" if url.query else url.path
        digest = hashlib.sha256(response.content).hexdigest()
        return Page(address, records, len(response.content), digest)

    def _refusal(self, path: str, error: HTTPError) -> str:
        status = error.response.status_code if error.response is not None else 0
        where = f"{self.base_url}{path}"
        if status in (401, 403):
            names = f"{variable('support', 'email')} and {variable('support', 'api_token')}"
            return f"{where} refuses the credentials ({status}); {names} are not right for it"
        if status == 429:
            return f"{where} keeps answering that it is asked too often (429)"
        if status >= 500:
            return f"{where} keeps failing: it answers {status}"
        return f"{where} answers {status}: {cause_of(error)}"

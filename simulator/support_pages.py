"""The pages of the support API: Zendesk's cursor exports, time exports, and cursor pagination."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from simulator.support_collections import Collection, Key
from simulator.support_data import Record

LARGEST_PAGE = 1000
LARGEST_RATINGS_PAGE = 100
Query = Mapping[str, str]


class BadRequestError(Exception):
    """The request has invalid parameters; the message says which."""


def cursor_export(name: str, objects: Collection, url: str, query: Query, page_size: int) -> Record:
    """Build a page of a cursor export; the last page keeps its cursor, for what changes later.

    ``url`` is the endpoint's own address, ``page_size`` counts where the query has no ``per_page``.
    """
    if "cursor" in query:
        seen = _key_of(query["cursor"])
        start = objects.first_after(seen)
    else:
        seen = (_whole_number(query, "start_time") - 1, 0)
        start = objects.first_since(seen[0] + 1)
    stop = min(start + _size(query, "per_page", page_size), len(objects))
    cursor = _cursor_of(objects.key(stop - 1) if stop > start else seen)
    return {
        name: objects.between(start, stop),
        "after_cursor": cursor,
        "after_url": _link(url, cursor=cursor),
        "before_cursor": None,
        "before_url": None,
        "end_of_stream": stop == len(objects),
    }


def time_export(name: str, objects: Collection, url: str, query: Query, page_size: int) -> Record:
    """Build a page of a time export.

    A page ends with a whole second, and the next page begins with that second again: the same objects come
    twice, as they do from Zendesk.
    """
    start_time = _whole_number(query, "start_time")
    start = objects.first_since(start_time)
    stop = min(start + _size(query, "per_page", page_size), len(objects))
    if stop > start:
        stop = objects.end_of_second(stop - 1)
    at_end = stop == len(objects)
    end_time = objects.key(stop - 1)[0] if stop > start else start_time
    if end_time == start_time and not at_end:
        end_time += 1
    kept = {key: query[key] for key in ("include", "per_page") if key in query}
    rows = objects.between(start, stop)
    if "comment_events" not in query.get("include", ""):
        rows = [_without_comments(row) for row in rows]
    return {
        name: rows,
        "count": len(rows),
        "end_time": end_time,
        "end_of_stream": at_end,
        "next_page": _link(url, start_time=end_time, **kept),
    }


def cursor_page(name: str, objects: Collection, url: str, query: Query, page_size: int) -> Record:
    """Build a page of an ordinary list with ``page[size]``, ``page[after]`` and ``page[before]``."""
    size = min(_size(query, "page[size]", page_size), LARGEST_RATINGS_PAGE)
    first = objects.first_since(_whole_number(query, "start_time")) if "start_time" in query else 0
    if "page[before]" in query:
        stop = objects.first_at(_key_of(query["page[before]"]))
        start = max(first, stop - size)
    else:
        start = objects.first_after(_key_of(query["page[after]"])) if "page[after]" in query else first
        stop = min(start + size, len(objects))
    before = _cursor_of(objects.key(start)) if stop > start else None
    after = _cursor_of(objects.key(stop - 1)) if stop > start else None
    more = stop < len(objects)
    kept = {"page[size]": size} | {key: query[key] for key in ("start_time",) if key in query}
    return {
        name: objects.between(start, stop),
        "meta": {"has_more": more, "after_cursor": after, "before_cursor": before},
        "links": {
            "prev": _link(url, **{"page[before]": before}, **kept) if start > first and before else None,
            "next": _link(url, **{"page[after]": after}, **kept) if more else None,
        },
    }


def _size(query: Query, name: str, usual: int) -> int:
    asked = _whole_number(query, name) if name in query else usual
    return max(1, min(asked, LARGEST_PAGE))


def _link(url: str, **parameters: Any) -> str:
    return f"{url}?{urlencode(parameters)}"


def _cursor_of(key: Key) -> str:
    return base64.urlsafe_b64encode(f"{key[0]}.0||{key[1]}|".encode()).decode()


def _key_of(cursor: str) -> Key:
    try:
        seconds, _, identifier = base64.urlsafe_b64decode(cursor).decode().partition("||")
        return int(float(seconds)), int(identifier.rstrip("|"))
    except ValueError as error:
        raise BadRequestError(f"Invalid cursor: {cursor}") from error


def _whole_number(query: Query, name: str) -> int:
    value = query.get(name)
    if value is None:
        raise BadRequestError(f"Missing parameter: {name}")
    try:
        return int(value)
    except ValueError as error:
        raise BadRequestError(f"Parameter {name} must be a whole number, not {value!r}") from error


def _without_comments(event: Record) -> Record:
    """Return the event as the export gives it without ``include=comment_events``: no comment's text."""
    return event | {"child_events": [_without_text(child) for child in event["child_events"]]}


def _without_text(child: Record) -> Record:
    if child.get("event_type") != "Comment":
        return child
    return {
        "id": child["id"],
        "event_type": "Comment",
        "comment_present": True,
        "comment_public": child["public"],
    }

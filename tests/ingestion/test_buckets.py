"""Listing what is reached over HTTP: a bucket of S3's protocol, and pages that link to files."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from ingestion.errors import SourceError
from ingestion.lines.landing import Landing

KEYS = ("web/", "web/2026/", "web/2026/a.jsonl")
OBJECT = "<Contents><Key>{}</Key><LastModified>2026-05-01T10:00:00Z</LastModified><Size>1</Size></Contents>"
LISTING = f"<ListBucketResult>{''.join(map(OBJECT.format, KEYS))}</ListBucketResult>"


@contextmanager
def serving(pages: dict[str, str]) -> Iterator[str]:
    """Serve pages by their paths, and nothing else; the address of the server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0], "").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html" if page.startswith(b"<a") else "application/xml")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_empty_object_in_the_place_of_a_folder_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"/lake": LISTING}) as address:
        monkeypatch.setenv("SOURCES__WEB__BUCKET_URL", "s3://lake/web")
        for name, value in {
            "ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
        }.items():
            monkeypatch.setenv(f"SOURCES__WEB__CREDENTIALS__{name}", value)
        assert [file.url for file in Landing("web").list()] == ["s3://lake/web/2026/a.jsonl"]


def test_a_folder_below_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = {
        "/web": '<a href="a.jsonl">a</a><a href="open/">open</a>',
        "/web/open/": '<a href="b.jsonl">b</a>',
    }
    with serving(pages) as address:
        monkeypatch.setenv("SOURCES__WEB__BUCKET_URL", f"{address}/web")
        assert [file.url for file in Landing("web").list()] == [
            f"{address}/web/a.jsonl",
            f"{address}/web/open/b.jsonl",
        ]
        pages["/web"] += '<a href="closed/">closed</a>'
        with pytest.raises(
            SourceError,
            match=rf"web: cannot list {address}/web: no such file or folder: {address}/web/closed/$",
        ):
            Landing("web").list()

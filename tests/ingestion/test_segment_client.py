"""What the real Segment client for Python sends over HTTP lands and loads unchanged."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from segment.analytics.client import Client

from ingestion.sources import load
from tests.ingestion.place import Place, counts


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Serve as Segment's endpoint on 127.0.0.1; gives its address and the bodies that came in."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        """Keeps what is posted."""

        def do_POST(self) -> None:
            """Keep a body, unzipped."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        server.server_close()


def test_the_real_client_is_understood(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUN_AT")
    with collector() as (address, bodies):
        client = Client("write-key", host=address, gzip=True, upload_interval=0.1)
        client.identify("u1", {"email": "ann@example.org", "plan": {"name": "gold"}})
        client.track(
            "u1", "Order Completed", {"order_id": "o1", "revenue": 19.99, "products": [{"product_id": "p1"}]}
        )
        client.page("u1", name="Home", properties={"url": "https://shop.example/"})
        client.screen("u1", name="Basket")
        client.group("u1", "g1", {"name": "Household"})
        client.alias("a1", "u1")
        client.track(anonymous_id="a1", event="Naïve 🛒 Event", context={"ip": "192.0.2.1"})
        client.flush()
        client.join()
    place.land("wire.jsonl", b"\n".join(bodies) + b"\n")
    sent = [message for body in bodies for message in json.loads(body)["batch"]]
    assert len(sent) == 7
    assert counts(load("web"), "web_events") == (7, 7, 0, 0)
    loaded = {
        row[0]: row[1:]
        for row in place.ask(
            "SELECT message_id, type, event, name, user_id, anonymous_id, previous_id, group_id, properties,"
            " traits,"
            ' context, epoch_us("timestamp"), sent_at IS NOT NULL FROM raw.web_events'
        )
    }
    for message in sent:
        kind, event, name, user, anonymous, previous, group, *documents, _, has_sent_at = loaded[
            message["messageId"]
        ]
        assert (kind, event, name) == (message["type"], message.get("event"), message.get("name"))
        assert (user, anonymous) == (message.get("userId"), message.get("anonymousId"))
        assert (previous, group) == (message.get("previousId"), message.get("groupId"))
        for text, key in zip(documents, ("properties", "traits", "context"), strict=True):
            assert (text and json.loads(text)) == message.get(key)
        assert has_sent_at

"""A webhook on 127.0.0.1 that keeps what it is sent, and can be busy, slow, broken or elsewhere."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Mood = Literal["well", "broken", "moved", "silent", "dripping"]
SECRET = "T0SECRET/B0SECRET"
_ANSWERS = {"well": 200, "broken": 500, "moved": 302}


class Webhook:
    """What was sent, in order, and how the server answers."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.mood: Mood = "well"
        self.address = ""

    @property
    def texts(self) -> list[str]:
        """The texts that were sent."""
        return [str(body["text"]) for body in self.received]


@contextmanager
def webhook_server() -> Iterator[Webhook]:
    """Serve a webhook as long as the block lasts."""
    webhook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            webhook.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if webhook.mood == "silent":
                time.sleep(30)
            elif webhook.mood == "dripping":
                with suppress(OSError):  # they hang up on us
                    for character in "HTTP/1.1 200 OK" * 20:
                        self.wfile.write(character.encode())
                        time.sleep(0.1)
            else:
                self.send_response(_ANSWERS[webhook.mood])
                self.send_header("Location", webhook.address)
                self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        webhook.address = f"http://127.0.0.1:{server.server_port}/services/{SECRET}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield webhook
        server.shutdown()

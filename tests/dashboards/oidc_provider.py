"""An OpenID provider that signs everybody in at once, with the address that it was created for.

It issues what OpenID Connect Core 1.0 asks for: discovery, authorization code, signed ID token, keys.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "dashboards"


@dataclass
class Provider:
    """Its address, the signed-in user, and the received requests."""

    port: int
    email: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "alg": "RS256"}))
    nonces: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The issuer."""
        return f"http://127.0.0.1:{self.port}"

    async def discover(self, _: Request) -> Response:
        """Say where everything is."""
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        """Send the browser back with a code."""
        asked = request.query_params
        code = secrets.token_hex(8)
        self.nonces[code] = asked.get("nonce", "")
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302
        )

    async def token(self, request: Request) -> Response:
        """Change a code into an ID token; each only once."""
        form = await request.form()
        claims: dict[str, Any] = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "1",
            "iat": int(time.time()),
            "exp": int(time.time()) + 600,
            "nonce": self.nonces.pop(str(form["code"])),
            "email": self.email,
            "email_verified": True,
        }
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return JSONResponse(
            {"access_token": "none", "token_type": "Bearer", "expires_in": 600, "id_token": token}
        )

    async def keys(self, _: Request) -> Response:
        """Publish the key that tokens are signed with."""
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def provider(port: int, email: str) -> Iterator[Provider]:
    """Serve a provider on a port of 127.0.0.1."""
    made = Provider(port, email)
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", made.discover),
            Route("/authorize", made.authorize),
            Route("/token", made.token, methods=["POST"]),
            Route("/keys", made.keys),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        yield made
    finally:
        server.should_exit = True
        thread.join()

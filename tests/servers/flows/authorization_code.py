"""Authorization code with PKCE (RFC 6749 section 4.1, RFC 7636) through the server's own pages."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlencode, urlsplit

from flows import grant, pages
from flows.grant import Grant
from harness.process import Failure
from servers.base import REDIRECT_URI


def obtain(request) -> Grant:
    client = request.client
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    agent = request.agent()
    callback = pages.walk(request.server, agent, agent.get(_address(request, {
        "response_type": "code", "client_id": client.identifier, "redirect_uri": REDIRECT_URI,
        "scope": f"{client.user_scopes} {request.scope}".strip(), "state": state, "nonce": secrets.token_urlsafe(16),
        "code_challenge": challenge, "code_challenge_method": "S256", **client.authorization,
    })))
    # The client is another program than the browser and has none of its cookies.
    return grant.ask(request.agent(), request.endpoints["token_endpoint"], client, {
        "grant_type": "authorization_code", "code": _code(callback, state),
        "redirect_uri": REDIRECT_URI, "code_verifier": verifier, **client.token,
    })


def _address(request, parameters: dict) -> str:
    endpoint = request.endpoints["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters, doseq=True)}"


def _code(callback: str, state: str) -> str:
    answer = {name: values[0] for name, values in parse_qs(urlsplit(callback).query).items()}
    if "code" not in answer:
        raise Failure(f"sign-in failed: {answer.get('error')} {answer.get('error_description', '')}")
    if answer.get("state") != state:
        raise Failure("the callback has another `state` than the request")
    return answer["code"]

"""Requests of a program that has a copy of the session cookie."""

import http.client
import json

from app.deployment import NOTES, Deployment


def read_notes(deployment: Deployment, cookie: tuple[str, str] | None) -> str:
    """Lists the notes. Returns the status and the code of the response."""
    status, content = _get(deployment, NOTES, cookie)
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    code = document.get("code", "") if isinstance(document, dict) else ""
    return f"{status} {code}".strip()


def notes(deployment: Deployment, cookie: tuple[str, str]) -> str:
    """Returns the list of notes as text."""
    return _get(deployment, NOTES, cookie)[1].decode()


def _get(deployment: Deployment, path: str, cookie: tuple[str, str] | None) -> tuple[int, bytes]:
    """Sends what a page of the application would send. The relay does not see it."""
    connection = http.client.HTTPConnection("127.0.0.1", deployment.relay.upstream or 0, timeout=20)
    headers = {"host": deployment.url.removeprefix("http://"), "sec-fetch-site": "same-origin"}
    if cookie:
        headers["cookie"] = "=".join(cookie)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()

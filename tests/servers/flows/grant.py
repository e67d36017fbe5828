"""The answer of a token endpoint."""

from dataclasses import dataclass

from harness.process import Failure
from harness.web import Agent, Response
from servers.base import Client


@dataclass(frozen=True)
class Grant:
    """The tokens of one answer."""

    access: str
    identity: str | None
    refresh: str | None
    token_type: str


def ask(agent: Agent, endpoint: str, client: Client, fields: dict, **headers: str) -> Grant:
    """Sends a token request. Raises `Failure` if the server refuses it."""
    return read(send(agent, endpoint, client, fields, **headers))


def send(agent: Agent, endpoint: str, client: Client, fields: dict, **headers: str) -> Response:
    """Sends a request with the credentials of the client (RFC 6749 section 2.3)."""
    basic = None
    if client.secret is None:
        fields = {"client_id": client.identifier} | fields
    elif client.is_secret_in_body:
        fields = {"client_id": client.identifier, "client_secret": client.secret} | fields
    else:
        basic = (client.identifier, client.secret)
    return agent.post_form(endpoint, fields, basic, **headers)


def read(response: Response) -> Grant:
    """Reads the tokens of an answer."""
    if response.status != 200:
        raise Failure(f"the token endpoint answered {response.status} {error_code(response)}")
    document = response.json()
    return Grant(
        document["access_token"], document.get("id_token"), document.get("refresh_token"), document["token_type"],
    )


def error_code(response: Response) -> str:
    """Returns `error` and `error_description` of an answer (RFC 6749 section 5.2)."""
    try:
        document = response.json()
    except ValueError:
        return ""
    return f"{document.get('error', '')} {document.get('error_description', '')}".strip()

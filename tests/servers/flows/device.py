"""Device authorization (RFC 8628). The user approves the device on the server's own pages."""

import time

from flows import grant, pages
from flows.grant import Grant
from harness.process import Failure

_SECONDS = 30


def obtain(request) -> Grant:
    client = request.client
    response = grant.send(request.agent(), request.endpoints["device_authorization_endpoint"], client, {
        "scope": f"{client.user_scopes} {request.scope}".strip(), **client.authorization,
    })
    if response.status != 200:
        raise Failure(f"the device endpoint answered {response.status} {grant.error_code(response)}")
    device = response.json()
    address = device.get("verification_uri_complete") or device["verification_uri"]
    agent = request.agent()
    pages.walk(request.server, agent, agent.get(address), {"user_code": device["user_code"]})
    return _poll(request, device)


def _poll(request, device: dict) -> Grant:
    client = request.client
    deadline = time.monotonic() + _SECONDS
    while True:
        response = grant.send(request.agent(), request.endpoints["token_endpoint"], client, {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": device["device_code"], **client.token,
        })
        is_pending = grant.error_code(response).startswith(("authorization_pending", "slow_down"))
        if not is_pending or time.monotonic() > deadline:
            return grant.read(response)
        # RFC 8628 section 3.5: a client waits for `interval` seconds between two requests.
        time.sleep(device.get("interval", 5))

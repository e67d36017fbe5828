"""One connection of a client to a relay, with one request."""

import select
import socket
from typing import TYPE_CHECKING

from relay.exchange import Exchange
from relay.message import Head, parsed, received

if TYPE_CHECKING:
    from relay.relay import Relay

_HELD_SECONDS = 0.02
_IDLE_SECONDS = 60
_RECORDED = 1024 * 1024


class Connection:
    """Passes a request on, and its response back. Bytes after an upgrade pass in both directions."""

    def __init__(self, relay: "Relay", client: socket.socket):
        self._relay = relay
        self._client = client

    def run(self) -> None:
        with self._client:
            try:
                if request := received(self._client):
                    self._answer(Exchange(*request))
            except OSError:
                pass

    def _answer(self, exchange: Exchange) -> None:
        self._relay.record(exchange)
        if exchange.path in self._relay.pages:
            self._send(exchange, "200 OK", self._relay.pages[exchange.path].encode())
        elif upstream := self._upstream():
            with upstream:
                upstream.sendall(_single(exchange.request).encoded() + exchange.body)
                self._pass(exchange, upstream)
        else:
            self._send(exchange, "502 Bad Gateway", b"")
        exchange.end()
        self._relay.note_change()

    def _upstream(self) -> socket.socket | None:
        if self._relay.upstream is None:
            return None
        try:
            return socket.create_connection(("127.0.0.1", self._relay.upstream), 10)
        except OSError:
            return None

    def _send(self, exchange: Exchange, status: str, body: bytes) -> None:
        exchange.response = Head(f"HTTP/1.1 {status}", [
            ("content-type", "text/html; charset=utf-8"), ("content-length", str(len(body))),
            ("cache-control", "no-store"), ("connection", "close"),
        ])
        self._client.sendall(exchange.response.encoded() + body)
        exchange.is_complete = True

    def _pass(self, exchange: Exchange, upstream: socket.socket) -> None:
        """Copies bytes until one side closes. A client that leaves ends the request at the server."""
        waiting = b""
        while True:
            is_held = bool(waiting) and self._relay.is_held(exchange)
            if waiting and not is_held:
                self._client.sendall(waiting)
                waiting = b""
                self._relay.note_change()
            sides = [self._client] if is_held else [self._client, upstream]
            ready, _, _ = select.select(sides, [], [], _HELD_SECONDS if is_held else _IDLE_SECONDS)
            if self._client in ready:
                data = self._client.recv(65536)
                if not data:
                    self._end(exchange, upstream)
                    return
                upstream.sendall(data)
            if upstream in ready:
                data = upstream.recv(65536)
                if not data:
                    exchange.is_complete = True
                    return
                waiting = self._recorded(exchange, data)
            if not ready and not is_held:
                return

    def _end(self, exchange: Exchange, upstream: socket.socket) -> None:
        """Ends a request whose client has closed. A browser closes in the middle of what it blocks."""
        while exchange.has_length and not exchange.has_whole_content:
            data = upstream.recv(65536)
            if not data:
                break
            self._recorded(exchange, data)
        exchange.is_complete = exchange.has_whole_content
        exchange.is_aborted = not exchange.is_complete

    def _recorded(self, exchange: Exchange, data: bytes) -> bytes:
        """Records a part of the response. Returns the bytes for the client."""
        if exchange.response.line:
            if len(exchange.response_body) < _RECORDED:
                exchange.response_body += data
            return data
        # Until its end the head collects in the field of the body.
        exchange.response_body += data
        message = parsed(exchange.response_body)
        if message is None:
            return b""
        head, exchange.response_body = message
        head.fields = self._relay.change_fields(head.fields)
        exchange.response = head
        return head.encoded() + exchange.response_body


def _single(request: Head) -> Head:
    """Returns the request with the wish that the server closes the connection after the response."""
    if request.value("upgrade"):
        return request
    kept = [(name, value) for name, value in request.fields if name.lower() != "connection"]
    return Head(request.line, [*kept, ("connection", "close")])

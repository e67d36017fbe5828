"""A certificate authority of this run, and a proxy that terminates TLS in front of a server."""

import base64
import http.client
import http.server
import ssl
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from harness.place import Place

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}
# The header of a certificate that the client presented (RFC 9440). Callers cannot set it.
_CERTIFICATE = "client-cert"


class CertificateAuthority:
    """A private authority with a certificate for `localhost`, and with certificates of clients.

    A file of a certificate contains the certificate, that of the authority, and the private key.
    """

    def __init__(self, folder: Path):
        self.file = folder / "ca.pem"
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        authority = _certificate("Tests' authority", "Tests' authority", self._key, self._key, [
            (x509.BasicConstraints(True, 0), True),
        ])
        self._pem = authority.public_bytes(serialization.Encoding.PEM)
        self.file.write_bytes(self._pem)
        self.leaf = self._issue("localhost", [
            (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
        ])

    def client(self, name: str) -> Path:
        """Issues the certificate of a client, whose subject is `CN=name`. Returns its file."""
        return self._issue(name, [(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)])

    def _issue(self, name: str, extensions: list) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _certificate(name, "Tests' authority", key, self._key, [
            *extensions, (x509.BasicConstraints(False, None), True),
        ])
        file = self._folder / f"{name}.pem"
        file.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + self._pem + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption(),
        ))
        return file


def _certificate(subject, issuer, key, signing_key, extensions) -> x509.Certificate:
    now = datetime.now(timezone.utc)
    builder = (
        x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer))
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=7))
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(signing_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


class TlsProxy:
    """Forwards requests from an https place to the port of the server behind it, with the certificate of the
    client in the header `Client-Cert`. Clients need no certificate.
    """

    def __init__(self, place: Place, authority: CertificateAuthority):
        handler = type("Handler", (_Handler,), {"place": place})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", place.public_port), handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.leaf)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(authority.file)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    place: Place

    def _forward(self):
        length = int(self.headers.get("content-length", 0))
        removed = _HOP_BY_HOP | {_CERTIFICATE}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in removed}
        if certificate := self.connection.getpeercert(binary_form=True):
            headers[_CERTIFICATE] = f":{base64.b64encode(certificate).decode()}:"
        headers |= {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": f"{self.place.host}:{self.place.public_port}",
            "X-Forwarded-Port": str(self.place.public_port),
        }
        upstream = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=30)
        try:
            upstream.request(self.command, self.path, self.rfile.read(length), headers)
            answer = upstream.getresponse()
            body = answer.read()
        except OSError:
            self.send_error(502)
            return
        finally:
            upstream.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _forward

    def log_message(self, *_):
        pass

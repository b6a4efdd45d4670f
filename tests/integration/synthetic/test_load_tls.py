"""Targets behind TLS: a certificate that does not hold is refused, one that does is used."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kit.edge.target import Access
from kit.pure.errors import UnreachableError
from synthetic.edge.load.running import run as load_run
from synthetic.load.request import FixedRequest
from synthetic.load.shape import Profile, Stage


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "20000")
        self.end_headers()
        self.wfile.write(b"x" * 20_000)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that no authority has signed, and its key beside it."""
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "1", "-subj", "/CN=localhost", "-keyout", str(path) + ".key"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def secure_url(certificate: Path) -> Iterator[str]:
    """A server with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, str(certificate) + ".key")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PROFILE = Profile(
    "tls",
    "",
    (Stage(1, 20, 20),),
    requests=(FixedRequest("GET", "/", 1.0),),
    max_lag_p99_ms=5_000,
    timeout_s=5,
)


def test_a_certificate_that_nobody_vouches_for_ends_the_run_before_it_begins(
    secure_url: str,
) -> None:
    with pytest.raises(UnreachableError, match=r"(?i)certificate") as caught:
        load_run(PROFILE, secure_url)
    assert "--ca-file" in caught.value.hint


def test_a_certificate_for_another_name_is_refused(secure_url: str, certificate: Path) -> None:
    url = secure_url.replace("localhost", "127.0.0.1")
    with pytest.raises(UnreachableError, match=r"(?i)certificate"):
        load_run(PROFILE, url, access=Access(ca_file=str(certificate)))


@pytest.mark.thorough
def test_with_its_authority_every_request_is_answered_whole(
    secure_url: str, certificate: Path
) -> None:
    run = load_run(PROFILE, secure_url, access=Access(ca_file=str(certificate)))
    assert run.account.finished == 20
    assert run.samples["status"].tolist() == [200] * 20

"""The same under TLS: whom it trusts, and that a deadline ends a connection under encryption too."""

import asyncio
import contextlib
import datetime
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.asyncio.server import ServerConnection, serve

from pitdesk.kalshi.environment import Environment, practice
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.stream import door
from pitdesk.kalshi.transport import Timing, Transport
from tests.unit.kalshi.ground import PATIENT, RawServer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return path


def context_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def server(certificate: Path) -> Iterator[RawServer]:
    context = context_of(certificate)
    server = RawServer(context)
    yield server
    server.close()


def create(server: RawServer, timing: Timing = PATIENT) -> Reply | Fault:
    async def run() -> Reply | Fault:
        transport = Transport(server.environment, None, timing=timing)
        try:
            return await transport.command("POST", "/portfolio/events/orders", None, b"{}")
        finally:
            await transport.close()

    return asyncio.run(run())


def test_a_certificate_that_only_the_environment_vouches_for_is_refused(
    server: RawServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(certificate))
    said = create(server)
    assert isinstance(said, Fault)
    assert not said.sent
    assert server.requests == []


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate stands among those that the program ships."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))


@pytest.mark.usefixtures("trusted")
def test_an_answer_under_encryption(server: RawServer) -> None:
    said = create(server)
    assert isinstance(said, Reply)
    assert len(server.requests) == 1


@pytest.mark.usefixtures("trusted")
def test_the_deadline_ends_silence_under_encryption(server: RawServer) -> None:
    server.answer = lambda connection: connection.recv(1) and None
    said = create(server, replace(PATIENT, command=3.0))
    assert isinstance(said, Fault)
    assert said.sent
    assert len(server.requests) == 1


@contextlib.asynccontextmanager
async def a_stream(certificate: Path) -> AsyncIterator[Environment]:
    async def hold(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(hold, "localhost", 0, ssl=context_of(certificate)) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield practice("http://unused", f"wss://localhost:{port}/trade-api/ws/v2")


@pytest.fixture
def no_memory_of_trust() -> Iterator[None]:
    """The authorities are read once; tests read them anew."""
    door.trusted.cache_clear()
    yield
    door.trusted.cache_clear()


@pytest.mark.usefixtures("no_memory_of_trust")
def test_the_stream_trusts_whom_the_transport_trusts(
    certificate: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with a_stream(certificate) as environment:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            with pytest.raises(door.DoorError):
                await door.open_stream(environment, signer, 30.0)
            door.trusted.cache_clear()
            monkeypatch.setattr("certifi.where", lambda: str(certificate))
            socket = await door.open_stream(environment, signer, 30.0)
            await socket.close()

    asyncio.run(run())

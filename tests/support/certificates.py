"""An authority of the tests' own and certificates for loopback, made by openssl and keytool: sound, expired, of nobody trusted."""

import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support.processes import tool

PASSWORD = "changeit"
NAMES = "san=dns:localhost,ip:127.0.0.1"


class Authority(NamedTuple):
    """Who signs: `certificate` is what clients trust."""

    certificate: Path
    key: Path
    store: Path


class Identity(NamedTuple):
    """A server's certificate and key, as PEM and as a PKCS #12 store for Java."""

    certificate: Path
    key: Path
    store: Path


def authority(home: Path, name: str = "authority") -> Authority:
    """Make an authority."""
    certificate, key, store = home / f"{name}.pem", home / f"{name}.key", home / f"{name}.p12"
    _run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN=lotse tests {name}",
         "-keyout", key, "-out", certificate)  # fmt: skip
    _pack(certificate, key, store)
    return Authority(certificate, key, store)


def identity(home: Path, signer: Authority, name: str = "server", *, expired: bool = False) -> Identity:
    """Make a certificate for loopback, signed by an authority."""
    key, request, certificate = home / f"{name}.key", home / f"{name}.csr", home / f"{name}.pem"
    store = home / f"{name}.p12"
    _run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", request)
    begun = "-3d" if expired else "-1H"
    _run("keytool", "-gencert", "-keystore", signer.store, "-storepass", PASSWORD, "-alias", "1", "-infile", request,
         "-outfile", certificate, "-rfc", "-ext", NAMES, "-startdate", begun, "-validity", "2")  # fmt: skip
    _pack(certificate, key, store, signer)
    return Identity(certificate, key, store)


def _pack(certificate: Path, key: Path, store: Path, signer: Authority | None = None) -> None:
    chain = ("-certfile", signer.certificate) if signer else ()
    _run("openssl", "pkcs12", "-export", "-in", certificate, "-inkey", key, *chain, "-name", "1", "-out", store,
         "-passout", f"pass:{PASSWORD}")  # fmt: skip


def _run(program: str, *arguments: object) -> None:
    done = subprocess.run(
        [tool(program), *map(str, arguments)], capture_output=True, text=True, timeout=180, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")

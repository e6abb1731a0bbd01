# SPDX-License-Identifier: Apache-2.0
"""Certificates, their keys, and clients that trust them."""
import os
import pathlib
import ssl
import subprocess

KINDS = {"rsa": ["rsa:2048"], "ec": ["ec", "-pkeyopt",
                                     "ec_paramgen_curve:P-256"]}


class Pair:
    """A new certificate for ${name} that signed itself, and its key."""

    def __init__(self, folder, name, kind="ec"):
        self.name = name
        self.certificate = str(pathlib.Path(folder) / f"{name}.pem")
        self.key = str(pathlib.Path(folder) / f"{name}.key")
        subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey",
             *KINDS[kind], "-subj", f"/CN={name}", "-keyout", self.key,
             "-out", self.certificate], check=True, capture_output=True)
        os.chmod(self.key, 0o400)

    def settings(self):
        return {"tls_certificate": self.certificate, "tls_key": self.key}

    def replace(self, other):
        """Put those of ${other} in place, one after the other."""
        put(other.certificate, self.certificate)
        self.replace_key(other)

    def replace_key(self, other):
        put(other.key, self.key)

    def der(self):
        """The certificate as it goes over the wire."""
        return ssl.PEM_cert_to_DER_cert(
            pathlib.Path(self.certificate).read_text())

    def private_parts(self):
        """Bytes that a process which has read the key has in its memory: a
        line of the file, and the secret number as it stands in there and as
        OpenSSL counts with it."""
        lines = pathlib.Path(self.key).read_bytes().splitlines()
        text = subprocess.run(
            ["openssl", "pkey", "-in", self.key, "-noout", "-text"],
            check=True, capture_output=True).stdout.decode()
        number = text.split("priv:")[1].split("pub:")[0]
        number = bytes.fromhex("".join(number.replace(":", "").split()))
        return [lines[2], number[-32:], number[-32:][::-1]]


def put(source, target):
    new = pathlib.Path(target + ".new")
    new.write_bytes(pathlib.Path(source).read_bytes())
    new.chmod(0o400)
    new.rename(target)


def client(*pairs):
    """A context that trusts these, whatever host they are for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    for pair in pairs:
        context.load_verify_locations(pair.certificate)
    return context

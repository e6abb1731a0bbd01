#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""s3stub.py ACCESS_KEY SECRET_KEY: an S3 store in memory, on port 80.

moto takes any credentials. Before it stands a check of each signature (AWS
Signature Version 4, headers signed), so that a wrong key is refused as a real
store does.
"""
import hashlib
import hmac
import re
import sys
import urllib.parse

from moto.moto_server.werkzeug_app import (DomainDispatcherApplication,
                                           create_backend_app)
from werkzeug.serving import run_simple

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d+)/([^/]+)/([^/]+)/aws4_request, ?"
    r"SignedHeaders=([^,]+), ?Signature=(\w+)")


def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def encode(text, safe="-_.~"):
    return urllib.parse.quote(urllib.parse.unquote(text), safe=safe)


def canonical_query(query):
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return "&".join(sorted(
        f"{encode(name.replace('+', '%20'))}={encode(value.replace('+', '%20'))}"
        for name, _, value in pairs))


def header(env, name):
    variable = name.upper().replace("-", "_")
    if name not in ("content-type", "content-length"):
        variable = "HTTP_" + variable
    return re.sub(" +", " ", env.get(variable, "").strip())


def canonical_request(env, names):
    path, _, query = (env.get("RAW_URI") or env["REQUEST_URI"]).partition("?")
    headers = "".join(f"{name}:{header(env, name)}\n"
                      for name in names.split(";"))
    return "\n".join([
        env["REQUEST_METHOD"], encode(path, "/-_.~"), canonical_query(query),
        headers, names, header(env, "x-amz-content-sha256")])


class Guard:
    """Lets through to app what is signed with the one pair of keys."""

    def __init__(self, app, access_key, secret_key):
        self.app = app
        self.access_key = access_key
        self.secret_key = secret_key

    def signature(self, env, scope, names):
        request = canonical_request(env, names).encode()
        text = "\n".join(["AWS4-HMAC-SHA256", header(env, "x-amz-date"),
                          "/".join([*scope, "aws4_request"]),
                          hashlib.sha256(request).hexdigest()])
        key = ("AWS4" + self.secret_key).encode()
        for part in (*scope, "aws4_request"):
            key = sign(key, part)
        return sign(key, text).hex()

    def refusal(self, env):
        found = AUTHORIZATION.match(env.get("HTTP_AUTHORIZATION", ""))
        if not found:
            return "AccessDenied"
        access_key, *scope, names, signature = found.groups()
        if access_key != self.access_key:
            return "InvalidAccessKeyId"
        if not hmac.compare_digest(self.signature(env, scope, names), signature):
            return "SignatureDoesNotMatch"
        return None

    def __call__(self, env, start):
        code = self.refusal(env)
        if code is None:
            return self.app(env, start)
        body = (f'<?xml version="1.0"?><Error><Code>{code}</Code>'
                "<Message>refused</Message></Error>").encode()
        start("403 Forbidden", [("Content-Type", "application/xml"),
                                ("Content-Length", str(len(body)))])
        return [body]


def main():
    app = DomainDispatcherApplication(create_backend_app)
    run_simple("0.0.0.0", 80, Guard(app, *sys.argv[1:3]), threaded=True)


main()

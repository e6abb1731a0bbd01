# SPDX-License-Identifier: Apache-2.0
"""Passwords, tokens and keys are where they have to be and nowhere else."""
import base64
import binascii
import json
import secrets
import subprocess
import urllib.parse

import hostile
from canary import Canaries
from documents import spoilt, text_of
from tap import equal, test

ODD = 'a>>b~~~???/+&"<é é'  # not one byte of it is written alike everywhere


def base64_of(text, neighbours=0):
    return base64.b64encode(b"\x5a" * neighbours + text + b"\xa5" * neighbours)


def hidden(text):
    """(form, bytes that have ${text} in them)."""
    yield "raw", text
    yield "hex", text.hex().encode()
    yield "hex", binascii.hexlify(text).upper()
    url = urllib.parse.quote_plus(text).encode()
    yield "raw" if url == text else "escaped", url
    yield "escaped", "".join(f"%{byte:02x}" for byte in text).encode()
    for before in range(3):
        code = base64_of(text, before)
        yield "base64", code
        yield "base64", code.translate(bytes.maketrans(b"+/", b"-_"))
        yield "base64", b"\r\n".join(code[i:i + 7]
                                     for i in range(0, len(code), 7))
        yield "base64", json.dumps(base64.encodebytes(
            b"?" * (60 + before) + text).decode()).encode()
        for outer in range(3):
            yield "double base64", base64_of(code, outer)


@test
def the_search_finds_a_secret_in_every_form(world):
    del world
    for text in (secrets.token_hex(16).encode(), ODD.encode(),
                 secrets.token_bytes(24)):
        canaries = Canaries({"it": text})
        for form, data in hidden(text):
            for around in (data, b"x" * 5 + data + b"y" * 5):
                assert f"it as {form}" in canaries.find(around), (form, data)


@test
def the_search_finds_escapes_of_json_and_xml(world):
    del world
    canaries = Canaries({"it": ODD})
    for data in (json.dumps({"x": ODD}).encode(),
                 json.dumps(ODD, ensure_ascii=False).encode(),
                 b'"a\\u003e\\u003eb~~~???/+\\u0026\\"\\u003c\xc3\xa9 \xc3\xa9"',
                 "<v>a&gt;&gt;b~~~???/+&amp;&quot;&lt;é é</v>".encode()):
        assert canaries.find(data), data


@test
def the_search_finds_nothing_in_what_has_nothing(world):
    del world
    canaries = Canaries({str(i): secrets.token_hex(16) for i in range(9)})
    for data in (b"", b"a" * 4096, secrets.token_bytes(1 << 16),
                 base64.b64encode(secrets.token_bytes(1 << 16)),
                 secrets.token_hex(1 << 16).encode()):
        equal(canaries.find(data), [])


# --- in the API ---------------------------------------------------------------


def dump(world):
    return subprocess.run(["pg_dump", "--dbname", world.pg, "--schema=roaster"],
                          capture_output=True, check=True).stdout


def log(world):
    with open(world.log, "rb") as file:
        return file.read()


class Recorder:
    """A client that keeps all answers."""

    def __init__(self, client):
        self.client, self.answers = client, []

    def post(self, kind, text, **fields):
        answer = self.client.form("POST", f"/v1/{kind}/create", {
            "yaml": base64.b64encode(text.encode()).decode(), **fields})
        self.keep(answer)
        return answer

    def keep(self, answer):
        self.answers.append(repr(answer.headers).encode() + answer.body)


def code_of(secret):
    return base64.b64encode(secret.encode()).decode()


def post_all(recorder, keys):
    """All kinds with credentials wherever they may stand: accepted, posted
    again, and refused for another reason."""
    file = {"name": "hive.properties", "path": "/etc/trino/catalog",
            "value": f"hive.s3.aws-secret-key={keys['file']}\n"}
    note = {"kubectl.kubernetes.io/last-applied-configuration": keys["note"]}
    trino = spoilt("trino", "spec.worker.configs[]", [file])
    hive = spoilt("hive_metastore", "spec.values.s3", {
        "bucket": "b", "endpoint": "http://minio:9000",
        "accessKey": keys["access"], "secretKey": keys["secret"]})
    for kind, text, fields in (
            ("trino", trino, {}),
            ("trino", spoilt("trino", "metadata.annotations", note), {}),
            ("hive_metastore", hive.replace('"p"', f'"{keys["jdbc"]}"'), {}),
            ("spark_thrift_server", spoilt(
                "spark_thrift_server", "spec.core.s3", {"bucket": "b"}),
             {"s3_access_key": code_of(keys["access"]),
              "s3_secret_key": code_of(keys["secret"])})):
        text = text.replace('"good"', f'"good-{kind[0]}"')
        for _ in range(2):
            answer = recorder.post(kind, text, **fields)
            assert answer.status in (200, 202), answer.body
        equal(recorder.post(kind, text + "\tx", **fields).status, 400)
        equal(recorder.post(kind, text, wait="x", **fields).status, 400)


# Where a credential may stand when something is wrong with it, or beside it.
BROKEN = ("x: [{}", 'x: "{}\\q"', "- {}", "x: {}: y", "x: '{}", "x: |{}",
          "x: !{} y", "x: *{}", "x: &{} y", "x: @{}", "x: `{}", "x: %{}",
          "x: {}\n y: z", "x: {}\n\ty: z", "x: ]{}", 'x: "{}" y', "%{}")
MISPLACED = (
    ("trino", "spec.worker.initContainers", [{
        "name": "i", "image": "busybox:1",
        "env": [{"name": "S3_SECRET_KEY", "value": "{}"}]}]),
    ("hive_metastore", "spec.values.jdbc.password", "{}\x01"),
    ("hive_metastore", "spec.values.jdbc.password", ["{}"]),
    ("hive_metastore", "spec.values.jdbc.url", "u:{}@db"),
    ("hive_metastore", "spec.values.s3.secretKey", "{}\x02"),
    ("hive_metastore", "spec.values.s3.secretKey", {"value": "{}"}),
    ("hive_metastore", "spec.values.s3.endpoint", "http://u:{}@minio:9000"),
    ("hive_metastore", "spec.values.s3.endpoint", "minio:{}"),
    ("hive_metastore", "spec.values.properties", {"a.password": "{}\x01"}),
    ("hive_metastore", "spec.values.javaOptions", "-Da.password={}\x02"),
    ("spark_thrift_server", "spec.core.s3.secretKey", "{}"),
    ("spark_thrift_server", "spec.core.s3.secretKey", {"value": "{}"}),
    ("spark_thrift_server", "spec.core.s3.endpoint", "http://u:{}@minio"),
    ("spark_thrift_server", "spec.core.applicationFileUrl",
     "https://u:{}@host/x.jar"),
    ("spark_thrift_server", "spec.core.hive.metastoreUris[]",
     ["thrift://u:{}@metastore:9083"]),
    ("spark_thrift_server", "spec.confs",
     {"spark.hadoop.fs.s3a.secret.key": "{}"}),
    ("spark_thrift_server", "spec.core.args[]", ["--password={}"]),
)


def refuse_all(recorder, key):
    """Documents that are wrong, at a credential or beside one."""
    for kind in hostile.KINDS:
        for text in BROKEN:
            text = text_of(kind) + text.replace("{}", key) + "\n"
            equal(recorder.post(kind, text).status, 400, text)
    for kind, path, value in MISPLACED:
        text = spoilt(kind, path, json.loads(
            json.dumps(value).replace("{}", key)))
        equal(recorder.post(kind, text).status, 400, (path, value))
    for field in ("s3_access_key", "s3_secret_key"):
        for value in (f"!{key}", f"{key}=="):
            equal(recorder.post("spark_thrift_server",
                                text_of("spark_thrift_server"),
                                **{field: value}).status, 400)


@test
def a_refusal_does_not_repeat_a_key(world):
    key = secrets.token_hex(12)
    canaries, recorder = Canaries({"key": key}), Recorder(world.admin)
    refuse_all(recorder, key)
    found = [answer for answer in recorder.answers if canaries.find(answer)]
    assert not found, found
    equal(canaries.find(dump(world)), [])
    equal(canaries.find(log(world)), [])


@test
def keys_that_are_posted_are_in_no_answer_table_or_log(world):
    keys = {name: secrets.token_hex(12)
            for name in ("file", "note", "access", "secret", "jdbc")}
    canaries, recorder = Canaries(keys), Recorder(world.admin)
    post_all(recorder, keys)
    for path in ("/v1/trino/list", "/v1/hive_metastore/list",
                 "/v1/spark_thrift_server/list", "/v2/components", "/metrics",
                 "/v2/components/trino/good-t/good-t",
                 "/v2/components/hive_metastore/good-h/good-h"):
        answer = world.admin.get(path)
        equal(answer.status, 200, path)
        recorder.keep(answer)
    assert len(recorder.answers) > 20
    for answer in recorder.answers:
        equal(canaries.find(answer), [], answer)
    stored = dump(world)
    assert b"good-release" in stored and len(
        world.sql("SELECT 1 FROM component_secret")) >= 5
    equal(canaries.find(stored), [])
    equal(canaries.find(log(world)), [])


@test
def passwords_and_tokens_are_in_no_table_or_log(world):
    old, new = secrets.token_hex(12), secrets.token_hex(12)
    world.admin.form("POST", "/v1/users/create", {
        "user": "ann", "password": old})
    tokens = [world.login("ann", old).token for _ in range(2)]
    ann = world.nobody.as_user(tokens[0])
    equal(ann.form("PUT", "/v1/users/update/password", {
        "user": "ann", "old_password": "not " + old,
        "password": new}).status, 403)
    equal(ann.form("PUT", "/v1/users/update/password", {
        "user": "ann", "old_password": old, "password": new}).status, 200)
    tokens.append(world.login("ann", new).token)
    for path in (f"/v1/trino/list?token={tokens[1]}", f"/{tokens[1]}",
                 f"/v2/components?limit={tokens[1]}"):
        world.nobody.as_user(tokens[2]).get(path)
    canaries = Canaries({"old": old, "new": new, "admin's": world.password, **{
        f"token {i}": token for i, token in enumerate(tokens)}})
    equal(canaries.find(dump(world)), [])
    equal(canaries.find(log(world)), [])

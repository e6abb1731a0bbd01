# SPDX-License-Identifier: Apache-2.0
"""One document, sent in all the ways in which clients send it, with curl. From
the second time on the server says itself whether it got the same: it compares
digests over the spec and its sealed values."""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

from tap import equal, test

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"

# Bytes that make '+' and '/' in base64, wherever they begin.
NASTY = "a>>b ~~~ ??? >>> ¿ÿ?"


def code_of(text):
    return base64.b64encode(text.encode()).decode()


def wrapped(code, end="\n", indent=""):
    return "".join(indent + code[i:i + 76] + end
                   for i in range(0, len(code), 76))


def urlsafe(code):
    return code.translate(str.maketrans("+/", "-_"))


class Kind:
    """${old} is replaced by ${new}, which has a place for a value, and that is
    what ${read} finds in the stored spec."""

    def __init__(self, file, route, old, new, read, fields=()):
        self.text = (EXAMPLES / f"{file}.yaml").read_text()
        self.route, self.read = route, read
        self.old, self.new = old, new
        self.fields = dict(fields)
        assert old in self.text, file

    def document(self, value=NASTY, blanks=0):
        """Nasty bytes in comments and in a value. The first comment shifts
        all that follows; without a line end, the last needs padding."""
        text = self.text.replace(self.old, self.new.format(value), 1)
        text = f"# {' ' * blanks}{NASTY}\n{text}# {NASTY}\n#"
        while not code_of(text).endswith("="):
            text += ">"
        return text


KINDS = (
    Kind("hive-metastore", "hive_metastore",
         "      endpoint: https://any-endpoint\n",
         "      endpoint: https://any-endpoint\n"
         "    properties: {{metastore.comment: '{}'}}\n",
         lambda spec: spec["values"]["properties"]["metastore.comment"],
         (("mysql_storage_class", "standard"), ("mysql_storage_size", "5"))),
    Kind("spark-thrift-server", "spark_thrift_server",
         "  core:\n", "  confs: {{spark.app.remark: '{}'}}\n  core:\n",
         lambda spec: spec["confs"]["spark.app.remark"],
         (("s3_access_key", code_of("?>>b~~~???")),
          ("s3_secret_key", code_of(">?~a>>b???")))),
    Kind("trino-cluster-etl", "trino", "          io.trino=INFO\n",
         "          io.trino=INFO\n          # {}\n",
         lambda spec: [file["value"].split("\n# ")[1].rstrip("\n")
                       for file in spec["coordinator"]["configs"]
                       if file["name"] == "log.properties"][0]),
)

# How forms are sent: arguments of curl. $F is the file.
FORMS = {
    "-d": '-d "yaml=$(base64 -w0 $F)"',
    "--data-urlencode": '--data-urlencode "yaml=$(base64 -w0 $F)"',
    "-d, wrapped": '-d "yaml=$(base64 $F)"',
    "--data-urlencode, wrapped": '--data-urlencode "yaml=$(base64 $F)"',
    "--data-urlencode from a file": "--data-urlencode yaml@$F.base64",
    "--data-binary from a file": "--data-binary @$F.form",
    "-d, CRLF": '-d "yaml=$(base64 $F | sed "s/$/\\r/")"',
    "--data-urlencode, CRLF":
        '--data-urlencode "yaml=$(base64 $F | sed "s/$/\\r/")"',
    "-d, URL-safe": '-d "yaml=$(base64 -w0 $F | tr +/ -_)"',
    "-d, unpadded": '-d "yaml=$(base64 -w0 $F | tr -d =)"',
    "-d, URL-safe and unpadded":
        '-d "yaml=$(base64 -w0 $F | tr +/ -_ | tr -d =)"',
    "--data-urlencode, URL-safe, with tabs":
        '--data-urlencode "yaml=$(base64 $F | tr +/ -_ | sed "s/^/\t/")"',
}
# What JSON bodies have for yaml, made of the text.
JSONS = {
    "JSON, the text": str,
    "JSON, base64": code_of,
    "JSON, wrapped": lambda text: wrapped(code_of(text)),
    "JSON, CRLF and tabs": lambda text: wrapped(code_of(text), "\r\n", "\t"),
    "JSON, URL-safe": lambda text: urlsafe(code_of(text)),
    "JSON, unpadded": lambda text: code_of(text).rstrip("="),
}


def curl(world, kind, text, way):
    """The answer's JSON."""
    fields = " ".join(f"--data-urlencode {name}={value}"
                      for name, value in kind.fields.items())
    arguments = f"{fields} {FORMS[way]}" if way in FORMS else "--json @$F.json"
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "f"
        file.write_text(text)
        pathlib.Path(f"{file}.base64").write_text(wrapped(code_of(text)))
        pathlib.Path(f"{file}.form").write_text(
            f"yaml={wrapped(code_of(text))}")
        if way in JSONS:
            pathlib.Path(f"{file}.json").write_text(
                json.dumps({"yaml": JSONS[way](text), **kind.fields}))
        done = subprocess.run(
            ["sh", "-c", f'curl -s "$URL" -H "$AUTH" {arguments}'],
            capture_output=True, text=True, check=False, timeout=60, env={
                "PATH": "/usr/local/bin:/usr/bin:/bin", "no_proxy": "*",
                "URL": f"{world.url}/v1/{kind.route}/create",
                "AUTH": f"Authorization: Bearer {world.admin.token}",
                "F": str(file)})
    equal(done.returncode, 0, done.stderr)
    return json.loads(done.stdout)


def stored(world):
    """(canonical spec, its digest) of all generations, the last one first."""
    return world.sql("SELECT spec, encode(digest, 'hex') FROM component_spec"
                     " ORDER BY generation DESC")


def is_changed(world, kind, text, way):
    answer = curl(world, kind, text, way)
    equal(answer.get("result"), "SUCCESS", f"{kind.route}: {way}: {answer}")
    return answer["changed"]


def check_kind(world, kind):
    text = kind.document()
    assert {"+", "/"} <= set(code_of(text)), "not nasty at all"
    equal(is_changed(world, kind, text, "-d"), True, kind.route)
    first = stored(world)
    equal(kind.read(json.loads(first[0][0])["spec"]), NASTY)
    for way in [*FORMS, *JSONS]:
        equal(is_changed(world, kind, text, way), False,
              f"{kind.route}: {way}")
    for blanks in (1, 2):
        for way in ("-d", "-d, URL-safe and unpadded"):
            equal(is_changed(world, kind, kind.document(blanks=blanks), way),
                  False, f"{kind.route}: {way}, {blanks} blanks more")
    equal(stored(world), first, kind.route)
    digest = hashlib.sha256(first[0][0].encode()).hexdigest()
    print(f"# {kind.route}: {len(FORMS) + len(JSONS)} ways, sha256 {digest}")


@test
def all_ways_of_sending_a_document_are_one(world):
    for kind in KINDS:
        world.begin_test()
        check_kind(world, kind)


@test
def a_document_is_another_when_one_byte_of_it_is(world):
    for kind in KINDS:
        world.begin_test()
        for number, value in enumerate((NASTY, NASTY.replace(">>", "> ", 1),
                                        NASTY.replace(">>", ">", 1))):
            equal(is_changed(world, kind, kind.document(value), "-d"), True,
                  f"{kind.route}: {value}")
            equal(kind.read(json.loads(stored(world)[0][0])["spec"]), value)
            equal(len(stored(world)), number + 1)


@test
def keys_of_s3_are_read_alike_in_all_ways(world):
    """They are sealed: only the digest tells that they are the same."""
    kind = KINDS[1]
    text = kind.document()
    raw = dict(kind.fields)
    assert {"+", "/"} <= set("".join(raw.values())), raw
    bodies = [dict(kind.fields)]
    for change in (urlsafe, lambda code: code.rstrip("="),
                   lambda code: code + "\r\n",
                   lambda code: code[:5] + "\n\t" + code[5:],
                   lambda code: code.replace("+", " ")):
        bodies.append({name: change(code) for name, code in raw.items()})
    answers = [world.admin.form("POST", "/v1/spark_thrift_server/create",
                                {"yaml": code_of(text), **fields})
               for fields in bodies]
    equal([answer.json.get("changed") for answer in answers],
          [True] + [False] * 5)
    other = {"s3_secret_key": code_of("another"),
             "s3_access_key": raw["s3_access_key"]}
    equal(world.admin.form("POST", "/v1/spark_thrift_server/create",
                           {"yaml": code_of(text), **other}).json["changed"],
          True)

# SPDX-License-Identifier: Apache-2.0
"""Tables of what is refused: (name, document as bytes, pointer or None). None:
the place is a line and a column."""
import base64

from documents import GOOD, Absent, fields, pointer, spoilt, text_of

LIST, MAPPING = ["a"], {"a": "b"}

# --- YAML that is none, or more than a tree -----------------------------------

T = text_of("trino")
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n"
    for a, b in zip("abcdefgh", "bcdefghi"))


def edit(old, new, text=T):
    assert old in text, old
    return text.replace(old, new, 1)


NOT_A_TREE = {
    "a tab as indentation": edit('  "name"', '\t"name"'),
    "a tab behind blanks": edit('  "name"', ' \t"name"'),
    "a key twice": edit('"kind":', '"kind": TrinoCluster\n"kind":'),
    "a key twice, once without quotes": edit('"kind":', 'kind: a\n"kind":'),
    "a key twice in a flow": edit('{"name": "registry"}',
                                  '{"name": "a", name: "b"}'),
    "a key twice in an escape": edit('"kind":', '"k\\x69nd": a\n"kind":'),
    "an anchor": edit('"namespace": "good"', '"namespace": &a "good"'),
    "an anchor on a mapping": edit('"spec":', '"spec": &a'),
    "an alias": edit('"namespace": "good"', '"namespace": *a'),
    "an anchor and its alias": edit('"tag": "476"', '"tag": &a "476"\n'
                                    '    "imagePullPolicy": *a'),
    "an alias of itself": "a: &a [*a]\n",
    "an alias bomb": BOMB,
    "an alias for a key": "a: &a b\n*a : c\n",
    "a tag of YAML": edit('"replicas": 1', '"replicas": !!int 1'),
    "a tag of text": edit('"tag": "476"', '"tag": !!str 476'),
    "a tag of a program": edit('"tag": "476"',
                               '"tag": !!python/object/apply:os.system [id]'),
    "a tag of Java": edit('"tag": "476"', '"tag": !!javax.script.'
                          'ScriptEngineManager [!!java.net.URL ["http://x"]]'),
    "a local tag": edit('"tag": "476"', '"tag": !x 476'),
    "a verbatim tag": edit('"tag": "476"', '"tag": !<tag:x> 476'),
    "binary": edit('"tag": "476"', '"tag": !!binary NDc2'),
    "a bare exclamation mark": edit('"tag": "476"', '"tag": ! 476'),
    "a tag directive": "%TAG ! tag:x,2000:\n---\n" + T,
    "another version of YAML": "%YAML 3.0\n---\n" + T,
    "a merge key": edit('"spec":', '"spec":\n  <<: {"a": 1}'),
    "a merge key of a list": edit('"spec":', '"spec":\n  <<: [{"a": 1}]'),
    "two documents": T + "---\n" + T,
    "a second empty document": T + "---\n",
    "two documents with an end": T + "...\n---\n" + T,
    "text behind the end": T + "...\nx: y\n",
    "no document": "",
    "only a comment": "# nothing\n",
    "only a line end": "\n",
    "only a start": "---\n",
    "null": "null\n",
    "a list": "- a\n",
    "a word": "trino\n",
    "a number": "1\n",
    "a flow of nothing": "[]\n",
    "deep brackets": "a: " + "[" * 100 + "]" * 100 + "\n",
    "deep braces": "a: " + "{a: " * 100 + "}" * 100 + "\n",
    "deep blocks": "".join(" " * i + "a:\n" for i in range(100)),
    "deep dashes": "a:\n  " + "- " * 100 + "x\n",
    "very deep brackets": "a: " + "[" * 100000 + "\n",
    "very deep brackets that close": "a: " + "[" * 9999 + "]" * 9999 + "\n",
    "many items": "a: [" + "1," * 60000 + "]\n",
    "many keys": "".join(f"k{i}: 1\n" for i in range(40000)),
    "an open bracket": "a: [b\n",
    "an open brace": "a: {b: c\n",
    "an open quote": 'a: "b\n',
    "an open single quote": "a: 'b\n",
    "a bracket too many": "a: [b]]\n",
    "a bracket for a brace": "a: [b}\n",
    "an unknown escape": 'a: "\\q"\n',
    "half an escape": 'a: "\\u12"\n',
    "a surrogate in an escape": 'a: "\\ud800"\n',
    "two surrogates in escapes": 'a: "\\ud83d\\ude00"\n',
    "a character beyond Unicode": 'a: "\\U00110000"\n',
    "a NUL in an escape": edit('"good"', '"go\\0od"'),
    "a comma for a value": "a: ,\n",
    "an at sign": "a: @b\n",
    "a backtick": "a: `id`\n",
    "a percent sign": "a: %b\n",
    "a colon in a text": "a: b: c\n",
    "a mapping for a key": "{a: b}: c\n",
    "a list for a key": "[a]: b\n",
    "a question mark": "? [a]\n: b\n",
    "a key of nothing": ": b\n",
    "a key that is null": "~: b\n",
    "a key of two lines": '"a\nb": c\n',
    "a key of 2,000 letters without quotes": "a" * 2000 + ": b\n",
    "an item in a mapping": "a: b\n- c\n",
    "a mapping in a list": "- a\nb: c\n",
    "too little indentation": "a:\n    b: 1\n  c: 2\n",
    "an unknown header of a block": "a: |x\n  b\n",
    "a header of a block that is 0": "a: |0\n  b\n",
    "text behind quotes": 'a: "b" c\n',
    "a bell": "a: b\x07\n",
    "an escape character": "a: \x1b[31m\n",
    "a delete": "a: b\x7f\n",
    "a line of C1": "a: b\u0080\n",
    "a private end": "a: b\ufffe\n",
    "a BOM inside": "a: b\n\ufeffc: d\n",
}
BYTES = {
    "a NUL": T.encode() + b"\0",
    "a NUL at the start": b"\0" + T.encode(),
    "a NUL in a comment": b"# \0\n" + T.encode(),
    "a byte of Latin-1": T.encode() + b"# \xe4\n",
    "a byte FF": T.encode() + b"# \xff\n",
    "an overlong slash": T.encode() + b"# \xc0\xaf\n",
    "an overlong NUL": T.encode() + b"# \xc0\x80\n",
    "a surrogate": T.encode() + b"# \xed\xa0\x80\n",
    "beyond Unicode": T.encode() + b"# \xf4\x90\x80\x80\n",
    "half a character": T.encode() + b"# \xe2\x82",
    "a tail without a head": T.encode() + b"# \x80\n",
    "UTF-16 with a mark": T.encode("utf-16"),
    "UTF-16, little-endian": T.encode("utf-16-le"),
    "UTF-16, big-endian": T.encode("utf-16-be"),
    "UTF-16, big-endian with a mark": b"\xfe\xff" + T.encode("utf-16-be"),
    "UTF-32": T.encode("utf-32"),
    "UTF-7": "+AGE-: \u00e4\n".encode("latin-1"),
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + bytes(range(64)),
    "a program": b"\x7fELF\x02\x01\x01\0",
    "too large by a comment": T.encode() + b"# x" * 350000,
    "too large by a text": b'a: "' + b"x" * (1 << 20) + b'"\n',
}


def not_a_tree():
    for name, text in NOT_A_TREE.items():
        yield name, text.encode(), None
    for name, data in BYTES.items():
        yield name, data, None


# --- fields -------------------------------------------------------------------


def wrong_numbers(what):
    """Those that are not of "whole number 1..1000"."""
    low, high = (int(part) for part in what.split()[-1].split(".."))
    return (low - 1, high + 1, -1, -high, 1.5, "many", "", "1x", "0x1", "1e2",
            "+", "1 2", "\u0661", 1 << 63, 1 << 64, 10 ** 40, True, LIST,
            MAPPING)


WRONG = {
    "text": (LIST, MAPPING, [], {}),
    "one": ("Bogus", "", "--x", LIST, MAPPING),
    "true": ("maybe", "", "1", 2, LIST, MAPPING),
    "mapping": ("text", 5, LIST, [], True),
    "mapping of text": ("text", 5, LIST, {"k": LIST}, {"k": MAPPING}),
    "list of mappings": ("text", 5, MAPPING, ["text"], [["a"]], [5]),
    "list of text": ("text", 5, MAPPING, [MAPPING], [LIST]),
}
# What Kubernetes takes is looked at as far as everything depends on it.
RAW = {
    "affinity": ("text", LIST), "tolerations": ("text", MAPPING),
    "securityContext": ("text", LIST), "hostPath": (MAPPING,),
    "initContainers": ("text", MAPPING),
}


def wrong_values(path, what):
    if what.startswith("whole number"):
        return wrong_numbers(what)
    if what.startswith("as Kubernetes"):
        return RAW[path.split(".")[-1]]
    for start in ("mapping of text", "list of mappings", "list of text"):
        if what.startswith(start):
            return WRONG[start]
    return WRONG[what.split()[0]]


def wrong_fields(kind):
    """Every field with what is not of its type or range; without what must be
    there; every mapping with a key too many."""
    for path, what, default in fields(kind):
        for value in wrong_values(path, what):
            yield (f"{path} = {value!r}",
                   spoilt(kind, path, value).encode(), pointer(path))
        if default == "required":
            for value in (Absent, None):
                yield (f"{path} is missing: {value}",
                       spoilt(kind, path, value).encode(), pointer(path))
        if what in ("mapping", "list of mappings"):
            key = path + ".bogus"
            yield key, spoilt(kind, key, "x").encode(), pointer(key)


# --- names --------------------------------------------------------------------

# What is no name of anything.
NO_NAME = (
    "", " ", "-", "--", "-x", "--post-renderer=x", "--kubeconfig=/etc/passwd",
    "@/etc/passwd", "a b", " a", "a ", "a\n--debug", "a\r\nb", "\n", "a\tb",
    "$(id)", "`id`", "a;id", "a|id", "a&b", "a>b", "a'b", 'a"b', "a\\b", "../x",
    "/etc/passwd", "a/b", "..", ".", "A", "Good", "a_b", "a..b", ".a", "a.",
    "a-", "-a", "{{a}}", "${a}", "%s%n", "a%00b", "a\u0000b", "a\u001bb", "é",
    "\u2010x", "а", "a\u200bb", "\ufeffa", "ａ", "a" * 254, "a" * 70000,
    "x: y", "#", "[a]", "{a}", "*", "~/x", "a,b", "a=b", "a:b", "file:///x",
)
LONG = "a" * 64
SYSTEM = ("kube-system", "kube-public", "kube-node-lease", "kube-x")

# Names that become objects or flags, per kind: (path, also refused).
NAMES = {
    "trino": (("metadata.name", (LONG, "a" * 54)),
              ("spec.namespace", (LONG, *SYSTEM)),
              ("metadata.namespace", (LONG,)),
              ("spec.serviceAccountName", ()),
              ("spec.image.imagePullSecrets[].name", ())),
    "hive_metastore": (("metadata.name", (LONG, "a" * 54)),
                       ("spec.name", (LONG, "a" * 54)),
                       ("spec.namespace", (LONG, *SYSTEM)),
                       ("spec.values.namespace", (LONG, "other")),
                       ("metadata.namespace", (LONG,)),
                       ("spec.chartName", ("mysql",)),
                       ("spec.version", (">0", "*", "v2", "2"))),
    "spark_thrift_server": (("metadata.name", (LONG, "a" * 54)),
                            ("spec.core.namespace", (LONG, *SYSTEM)),
                            ("metadata.namespace", (LONG,)),
                            ("spec.driver.serviceAccountName", ("default",)),
                            ("spec.volumes[].name", (LONG,)),
                            ("spec.volumes[].persistentVolumeClaim.claimName",
                             ())),
}


def wrong_names(kind):
    for path, more in NAMES[kind]:
        for value in (*NO_NAME, *more):
            where = path
            if path.startswith("spec.values.") and "\0" in value:
                where = "spec.values"  # that text is no YAML
            yield (f"{path} = {value[:80]!r}",
                   spoilt(kind, path, value).encode(), pointer(where))


# --- form fields --------------------------------------------------------------

# What is no base64 of anything; nor with bits that no byte takes.
NO_BASE64 = (
    "", "=", "====", "A", "AAAAA", "QQ=Q", "=QQ=", "QQ==QQ==", "QQ==x", "QR==",
    "QQF=", "QR", "QUJ", "Q!==", "Q.==", "QQ==\0", "Q\u00e4==", "Q,Q=", "Q*Q=",
    "\x0bQQ==", "Q%51=", "kind: TrinoCluster", "'QQ=='", '"QQ=="', "QQ===",
)
NO_SIZE = ("0", "-1", "65537", "1.5", "5Gi", "5G", "many", "0x5", "1e2",
           " 5 6", "+5", "--set=x", "$(id)", "5\n6", str(1 << 64))
FORM_FIELDS = {
    "trino": (("yaml", NO_BASE64),),
    "hive_metastore": (
        ("yaml", NO_BASE64),
        ("mysql_storage_class", (*NO_NAME[1:], "A B")),
        ("mysql_storage_size", NO_SIZE)),
    "spark_thrift_server": (
        ("yaml", NO_BASE64),
        ("nfs_storage_class", NO_NAME[1:]),
        ("nfs_storage_size", NO_SIZE), ("pvc_size", NO_SIZE),
        ("s3_access_key", NO_BASE64), ("s3_secret_key", NO_BASE64)),
}
FORM = {field for kind in FORM_FIELDS.values() for field, _ in kind}
# What a field needs beside it.
PARTNERS = {
    "mysql_storage_class": {"mysql_storage_size": "5"},
    "mysql_storage_size": {"mysql_storage_class": "standard"},
    "s3_access_key": {"s3_secret_key": "QQ=="},
    "s3_secret_key": {"s3_access_key": "QQ=="},
}


def wrong_codes():
    """Base64 of a good document with one thing wrong."""
    code = base64.b64encode(T.encode() + b"#").decode()
    while not code.endswith("=="):
        code = base64.b64encode(base64.b64decode(code) + b"#").decode()
    bare = code[:-2]
    last = chr(ord(bare[-1]) + 1)
    return (bare[:-1] + last, bare[:-1] + last + "==", bare + "=" + "===",
            bare[:40] + "=" + bare[40:], bare[:40] + "==" + bare[40:],
            "=" + code, bare[:-1], code + "Q", code + code, bare + "!",
            bare[:40] + "%" + bare[40:], bare[:40] + "\0" + bare[40:],
            bare[:40] + "\u2028" + bare[40:], "data:;base64," + code)


def wrong_forms(kind):
    """(name, fields beside a good yaml, pointer)."""
    if kind == "trino":
        for value in wrong_codes():
            yield (f"yaml = {value[:20]!r} ... {value[-20:]!r}",
                   {"yaml": value}, "/yaml")
    for field, values in FORM_FIELDS[kind]:
        for value in values:
            yield (f"{field} = {value[:80]!r}",
                   {**PARTNERS.get(field, {}), field: value}, f"/{field}")


KINDS = tuple(GOOD)

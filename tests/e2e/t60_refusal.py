#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is refused says where and how to cure it, and leaves no trace in the
database or the cluster."""
import json

import kinds
import kube
from component import Home, edit, encoded, in_database
from harness import equal, main, one, test, wait_until

ALONE = True  # nothing else may move in the database

BASE64 = ("!!!!", "abc=def", "A", "QQ=Q", "=", "QR==")
# What a Gi, and what a name of a storage class, never is.
SIZES = ("-1", "0", "1.5", "5Gi", "1Gi; rm", "9" * 30)
CLASSES = ("a\nb", "A", "../x", "x" * 254)
REPO = "repo: https://cloudcheflabs.github.io/hive-metastore-helm-repo/"
DRIVER = 0  # the first of two equal lines
METADATA = "http://169.254.169.254/"

# (old, new, what stands at the place that is named, words of the problem)
DOCUMENTS = {
    "hive_metastore": (
        ("bucket:", "bukcet:", "bukcet", "bucket", "/spec/values/s3/bukcet"),
        ("secretKey: any-secret-key", "secretKey: [any]", "[any]",
         "/spec/values/s3/secretKey"),
        ("chartName: dataroaster-hivemetastore", "chartName: ../../etc",
         "../../etc", "dataroaster-hivemetastore", "/spec/chartName"),
        (REPO, f"repo: {METADATA}", METADATA, "fetches none", "/spec/repo"),
        (REPO, "repo: file:///etc", "file:///etc", "fetches none",
         "/spec/repo"),
        ("endpoint: https://any-endpoint", "endpoint: file:///etc",
         "file:///etc", "http://", "/spec/values/s3/endpoint"),
        ("  chartName:", "  chartNaem:", "chartNaem", "chartName"),
    ),
    "spark_thrift_server": (
        ("    container:", "    contianer:", "contianer", "container",
         "/spec/core/contianer"),
        ("instances: 1", "instances: many", "many",
         "/spec/executor/instances"),
        ('memory: "1g"', 'memory: "1Gi; rm"', '"1Gi; rm"', "512m",
         "/spec/executor/resources/memory"),
        ("    class: com", "    class: --conf com", "--conf com",
         "com.example.Server", "/spec/core/class"),
        ('endpoint: "https://any-endpoint"',
         "endpoint: http://a:b@169.254.169.254/", "http://a:b@", "http://",
         "/spec/core/s3/endpoint"),
        ('mountPath: "/tmp/local-dir"', 'mountPath: "/../etc"', '"/../etc"',
         "/spec/driver/volumeMounts/0/mountPath", DRIVER),
    ),
    "trino": (
        ("    replicas: 2", "    replicsa: 2", "replicsa", "replicas",
         "/spec/worker/replicsa"),
        ("replicas: 2", "replicas: many", "many", "/spec/worker/replicas"),
        ("    repository:", "    repositry:", "repositry", "repository",
         "/spec/image/repositry"),
        ('tag: "384"', 'tag: "3 84"', '"3 84"', "/spec/image/tag"),
    ),
}
# (field, what is refused in it)
FIELDS = {
    "hive_metastore": (
        ("mysql_storage_size", (*SIZES, "", None)),
        ("mysql_storage_class", (*CLASSES, "", None))),
    "spark_thrift_server": (
        ("pvc_size", SIZES), ("nfs_storage_size", SIZES),
        ("nfs_storage_class", CLASSES),
        ("s3_access_key", (*BASE64, encoded("a b"), None)),
        ("s3_secret_key", (*BASE64, encoded("a\nb"), encoded(b"\0" * 8),
                           None))),
    "trino": (),
}


def position(text, part):
    """(line, column) of ${part} in ${text}, from 1."""
    before = text[:text.index(part)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class Refusal:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"refusal by {kind.name}"
        self.home = Home(kind, "refused")

    def refused(self, *edits, text=None, **fields):
        """A post that is refused with nothing stored; the problem."""
        problem = self.home.post(*edits, text=text, **fields).problem(400)
        equal(in_database(), self.before)
        equal(kube.get_namespace(self.home.namespace), None)
        return problem

    def refused_at(self, part, change, *words):
        """Refused at the place of ${part}, with these words."""
        problem = self.refused(change)
        places = [(error.get("line"), error.get("column"))
                  for error in problem["errors"]]
        where = position(self.home.document(change), part)
        assert where in places, (change, where, problem)
        for word in words:
            assert word in json.dumps(problem), (word, problem)

    @test
    def nothing_is_under_way_before(self):
        wait_until(lambda: one("SELECT count(*) FROM component") == "0")
        equal(one("SELECT count(*) FROM operation WHERE state IN"
                  " ('queued', 'running')"), "0")
        self.before = in_database()

    @test
    def broken_base64_is_refused(self):
        for bad in BASE64:
            problem = self.refused(yaml=bad)
            assert "base64" in problem["detail"].lower(), problem

    @test
    def a_tab_is_refused_where_it_is(self):
        self.refused_at("\tx: 1", ("\nspec:\n", "\nspec:\n\tx: 1\n"), "tab")

    @test
    def what_is_wrong_in_a_document_is_named_and_placed(self):
        for old, new, part, *words in DOCUMENTS[self.kind.name]:
            number = [word for word in words if isinstance(word, int)]
            self.refused_at(part, (old, new, *number),
                            *[word for word in words if word not in number])

    @test
    def what_is_wrong_in_another_field_is_named(self):
        for field, values in FIELDS[self.kind.name]:
            for value in values:
                problem = self.refused(**{field: value})
                assert f"/{field}" in json.dumps(problem), (value, problem)

    @test
    def a_missing_namespace_is_refused(self):
        line = f"  namespace: {self.home.namespace}\n"
        text = edit(self.home.document(), line, "\n", 0)
        assert "namespace: is missing" in self.refused(text=text)["detail"]

    @test
    def a_document_of_another_kind_is_told_its_way(self):
        line = f"kind: {self.kind.yaml_kind}"
        for other in kinds.ALL:
            if other is not self.kind:
                self.refused_at(other.yaml_kind,
                                (line, f"kind: {other.yaml_kind}"),
                                f"post it to {other.path('create')}")

    @test
    def a_kind_that_nobody_knows_is_told_what_is_taken(self):
        line = f"kind: {self.kind.yaml_kind}"
        self.refused_at("Deployment", (line, "kind: Deployment"),
                        f"takes {self.kind.yaml_kind}")

    @test
    def a_path_for_a_name_is_refused(self):
        self.refused_at("../x", ("name: etl\n", "name: ../x\n", 0),
                        "/metadata/name")

    @test
    def all_that_is_wrong_is_said_at_once(self):
        wrong = DOCUMENTS[self.kind.name]
        problem = self.refused(("name: etl\n", "name: ../x\n", 0),
                               wrong[0][:2], wrong[-1][:2])
        lines = {error["line"] for error in problem["errors"]}
        assert len(lines) >= 3, problem

    @test
    def yaml_that_is_more_than_a_tree_is_refused(self):
        good = self.home.document()
        for name, text in {
                "anchor": edit(good, "\nspec:\n", "\nspec: &a\n"),
                "alias": edit(good, "\nspec:\n", "\nspec:\n  repo: *a\n"),
                "tag": edit(good, "\nspec:\n", "\nspec: !!map\n"),
                "merge": edit(good, "\nspec:\n", "\nspec:\n  <<: {a: 1}\n"),
                "twice": edit(good, "\nspec:\n", "\nspec:\n  a: 1\n  a: 2\n"),
                "documents": good + "---\n" + good,
                "depth": "a: " + "[" * 100 + "]" * 100 + "\n",
                "not UTF-8": good.encode() + b"# \xff\n"}.items():
            problem = self.refused(text=text)
            assert problem["errors"][0]["line"] >= 1, (name, problem)

    @test
    def no_problem_quotes_what_was_posted(self):
        edits, fields = self.kind.credential("canary-in-a-refusal")
        text = self.home.document(*edits) + "\n\tx: {"
        problem = self.refused(text=text, **fields)
        assert "canary" not in json.dumps(problem), problem

    @test
    def no_problem_quotes_a_key_beside_the_document(self):
        for field, _ in FIELDS[self.kind.name]:
            for key in ("canary!", encoded("canary in words")):
                if field.startswith("s3_"):
                    problem = json.dumps(self.refused(**{field: key}))
                    assert "canary" not in problem, problem
                    assert key[:6] not in problem, problem

    def end(self):
        self.home.end()


STORIES = [Refusal(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()

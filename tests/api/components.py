# SPDX-License-Identifier: Apache-2.0
"""Create, list, look at, delete: with no applier, so that all stays queued."""
import urllib.parse

from tap import contains, equal, test
from world import base64_of, yaml_of

UUID = "01a1fdb2-8e83-7de8-a6d8-0e2ee5caff5b"


@test
def a_new_component_is_accepted_with_its_operation(world):
    answer = world.create()
    equal(answer.status, 202)
    contains(answer.body, b"SUCCESS")
    operation = answer.json["operation"]
    equal((answer.json["result"], answer.json["changed"]), ("SUCCESS", True))
    equal(operation["state"], "queued")
    component = dict(operation["component"])
    assert component.pop("id") != operation["id"]
    equal(component, {"kind": "trino", "namespace": "etl", "name": "etl",
                      "state": "Pending"})
    equal(answer.headers["location"], "/v2/operations/" + operation["id"])
    equal(answer.headers["retry-after"], "2")


@test
def the_same_spec_again_is_unchanged_whatever_its_layout(world):
    first = world.create().json
    text = "# a comment\n" + yaml_of().replace('"476"', "'476'") + "\n\n"
    answer = world.admin.form("POST", "/v1/trino/create", {
        "yaml": base64_of(text)})
    equal((answer.status, answer.json["changed"]), (200, False))
    equal(answer.json["operation"]["id"], first["operation"]["id"])
    equal(world.sql("SELECT count(*) FROM operation"), [["1"]])


@test
def another_spec_of_that_name_is_an_update_that_supersedes(world):
    first = world.create().json["operation"]
    second = world.create(replicas=2).json["operation"]
    equal(second["component"]["id"], first["component"]["id"])
    equal(world.admin.get("/v2/operations/" + first["id"]).json["state"],
          "superseded")
    operation = world.admin.get("/v2/operations/" + second["id"]).json
    equal((operation["action"], operation["generation"]), ("update", 2))


def bad(old, new):
    text = yaml_of()
    assert old in text
    return text.replace(old, new, 1)


# name, YAML, pointer or None, line, column
BAD = (
    ("a tab", bad("  name: etl", "\tname: etl"), None, 4, 1),
    ("an unknown key", bad("  coordinator:", "  cordinator:"),
     "/spec/cordinator", 11, 3),
    ("text for a number", bad("replicas: 1", "replicas: many"),
     "/spec/worker/replicas", 19, 15),
    ("no target namespace", bad("  namespace: etl\n", ""),
     "/spec/namespace", 7, 3),
    ("another kind", bad("TrinoCluster", "HelmChart"), "/kind", 2, 7),
    ("a name that is a path", bad("name: etl", "name: ../x"),
     "/metadata/name", 4, 9),
    ("a key twice", bad("kind:", "kind: TrinoCluster\nkind:"), None, 3, 1),
    ("an anchor", bad("namespace: etl", "namespace: &a etl"), None, 7, 14),
    ("a second document", yaml_of() + "---\na: b\n", None, 20, 1),
    ("a list", "- a\n", None, 1, 1),
    ("a system namespace", bad("namespace: etl", "namespace: kube-system"),
     "/spec/namespace", 7, 14),
)


@test
def a_bad_yaml_is_refused_where_it_is_wrong_and_stores_nothing(world):
    before = world.counts()
    for name, text, pointer, line, column in BAD:
        answer = world.admin.form("POST", "/v1/trino/create", {
            "yaml": base64_of(text)})
        equal(answer.status, 400, name)
        errors = [e for e in answer.problem()["errors"]
                  if e.get("pointer") == pointer]
        assert errors, (name, answer.body)
        error = errors[0]
        equal((error.get("line"), error.get("column")), (line, column),
              f"{name}: {error}")
        assert error["detail"], name
    equal(world.counts(), before)


@test
def all_problems_of_a_yaml_come_at_once(world):
    text = yaml_of().replace("replicas: 1", "replicas: -1")
    text = text.replace("name: etl", "name: ETL", 1)
    problem = world.admin.form("POST", "/v1/trino/create?wait=x", {
        "yaml": base64_of(text)}).problem()
    equal([e.get("pointer") for e in problem["errors"]],
          ["/wait", "/metadata/name", "/spec/worker/replicas"])
    contains(problem["detail"], "3 problems")


@test
def a_name_that_another_component_holds_is_409_and_names_the_holder(world):
    world.create(name="one", namespace="shared")
    before = world.counts()
    answer = world.create(name="two", namespace="shared")
    equal(answer.status, 409)
    contains(answer.problem()["detail"], "shared/one")
    assert "state" not in answer.problem(), "no state is in the way"
    equal(world.counts(), before)


CANARY = "CANARY-4711-s3cr3t"


@test
def a_secret_is_sealed_and_shown_nowhere(world):
    world.secrets.append(CANARY)
    text = yaml_of().replace(
        "    configs:\n", "    configs:\n      - name: hive.properties\n"
        "        path: /etc/trino/catalog\n        value: |\n"
        "          connector.name=hive\n"
        f"          hive.s3.aws-secret-key={CANARY}\n", 1)
    assert CANARY in text
    answer = world.admin.form("POST", "/v1/trino/create", {
        "yaml": base64_of(text)})
    equal(answer.status, 202)
    equal(world.sql("SELECT pointer FROM component_secret"),
          [["/coordinator/etc/trino/catalog/hive.properties"]])
    again = world.admin.form("POST", "/v1/trino/create", {
        "yaml": base64_of(text)})
    equal(again.json["changed"], False)
    other = world.admin.form("POST", "/v1/trino/create", {
        "yaml": base64_of(text.replace(CANARY, CANARY + "2"))})
    equal(other.json["changed"], True)
    shown = b"".join(world.admin.get(path).body for path in (
        "/v1/trino/list", "/v2/components/trino/etl/etl", "/metrics"))
    kept = str(world.sql("SELECT c::text FROM component_spec c") +
               world.sql("SELECT encode(sealed, 'escape')"
                         " FROM component_secret"))
    assert CANARY.encode() not in shown + answer.body + again.body
    assert CANARY not in kept


@test
def a_v1_list_shows_upstreams_fields_and_ours(world):
    equal(world.admin.get("/v1/trino/list").body, b"[]")
    world.create(name="etl", namespace="target")
    item = world.admin.get("/v1/trino/list").json[0]
    assert item.pop("id")
    equal(item, {
        "components": "trino", "kind": "TrinoCluster", "name": "etl",
        "namespace": "trino-operator", "target_namespace": "target",
        "state": "Pending", "message": "", "ready": 0, "wanted": 0,
        "generation": 1})


@test
def one_component_is_shown_with_all_that_is_known(world):
    accepted = world.create().json["operation"]
    ident = accepted["component"]["id"]
    world.sql(f"""
        UPDATE component_status SET state = 'Degraded', message = 'why not',
          ready = 1, wanted = 3, observed_generation = 1, stage = 1,
          observed_at = now();
        INSERT INTO endpoint VALUES ('{ident}', 'http', 'h.etl.svc', 8080,
          'http://h.etl.svc:8080');
        INSERT INTO child VALUES ('{ident}', 'etl', 'trino-0.1.0', 0)""")
    answer = world.admin.get("/v2/components/trino/etl/etl")
    equal((answer.status, answer.headers["etag"]), (200, '"1"'))
    shown = answer.json
    equal([shown[key] for key in (
        "state", "message", "why", "ready", "wanted", "generation",
        "observed_generation", "stage")],
        ["Degraded", "why not", "why not", 1, 3, 1, 1, "secrets"])
    equal(shown["endpoints"], [{"name": "http", "host": "h.etl.svc",
                                "port": 8080, "url": "http://h.etl.svc:8080"}])
    equal(shown["children"], [{"release": "etl", "chart": "trino-0.1.0"}])
    equal([s["state"] for s in shown["stages"]][:3],
          ["done", "current", "waiting"])
    equal(shown["operation"], {"id": accepted["id"], "action": "create",
                               "state": "queued"})


@test
def what_does_not_exist_is_404(world):
    for path in ("/v2/components/trino/etl/none", f"/v2/operations/{UUID}",
                 "/v2/operations/none", "/v2/components/none/etl/etl"):
        answer = world.admin.get(path)
        equal((answer.status, answer.problem()["code"]), (404, "not_found"))


@test
def an_operation_is_shown_with_its_component_and_times(world):
    location = world.create().headers["location"]
    answer = world.admin.get(location)
    shown = answer.json
    equal(answer.headers["retry-after"], "2")
    equal([shown[key] for key in ("action", "state", "error", "asked_by",
                                  "started_at", "ended_at")],
          ["create", "queued", "", "admin", None, None])
    equal(shown["component"]["state"], "Pending")
    world.end_operations("failed", "no luck")
    answer = world.admin.get(location)
    assert "retry-after" not in answer.headers
    equal((answer.json["state"], answer.json["error"]), ("failed", "no luck"))
    assert answer.json["ended_at"].endswith("Z")


# --- pages -------------------------------------------------------------------


def many(world, count):
    names = [f"c{i:02}" for i in range(count)]
    for name in names:
        equal(world.create(name=name, namespace=f"ns-{name}").status, 202)
    return names


def page_by_page(world, path):
    """Names of all pages, following Link; the size of each page."""
    names, sizes = [], []
    while path:
        answer = world.admin.get(path)
        equal(answer.status, 200, path)
        items = answer.json["items"]
        names += [item["name"] for item in items]
        sizes.append(len(items))
        link = answer.headers.get("link")
        equal(link is None, answer.json["next"] is None)
        path = link and link[1:link.index(">")]
        if link:
            contains(link, '; rel="next"')
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
            equal(query["cursor"], [answer.json["next"]])
    return names, sizes


@test
def pages_follow_each_other_without_gap_or_repetition(world):
    names = many(world, 7)
    for limit, sizes in ((1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (500, [7])):
        equal(page_by_page(world, f"/v2/components?limit={limit}"),
              (names, sizes), limit)
    equal(page_by_page(world, "/v2/components/trino?limit=4"), (names, [4, 3]))


@test
def a_page_goes_on_behind_a_component_that_was_deleted(world):
    names = many(world, 4)
    first = world.admin.get("/v2/components?limit=2").json
    world.sql("DELETE FROM component WHERE name IN ('c01', 'c02')")
    rest = world.admin.get("/v2/components?cursor=" + first["next"]).json
    equal([i["name"] for i in rest["items"]], names[3:])


@test
def a_list_is_filtered_by_kind_and_namespace(world):
    many(world, 3)
    for path, count in (("?kind=trino", 3), ("?namespace=ns-c01", 1),
                        ("?kind=trino&namespace=none", 0), ("/trino", 3),
                        ("/trino?namespace=ns-c02", 1), ("/trino/ns-c01", 1),
                        ("/trino/none", 0)):
        items = world.admin.get("/v2/components" + path).json["items"]
        equal(len(items), count, path)


@test
def a_list_refuses_what_it_does_not_understand(world):
    for query in ("limit=0", "limit=501", "limit=x", "limit=", "kind=none",
                  "cursor=!", "cursor=YQ", "cursor=", "namespace=A_B",
                  "label=a", "limit=1&limit=2"):
        answer = world.admin.get("/v2/components?" + query)
        equal(answer.status, 400, query)
        equal(answer.problem()["errors"][0]["pointer"],
              "/" + query.split("=")[0])


# --- delete ------------------------------------------------------------------


@test
def delete_without_a_name_deletes_all_of_the_kind(world):
    names = many(world, 3)
    answer = world.admin.send("DELETE", "/v1/trino/delete")
    equal((answer.status, answer.headers["retry-after"]), (202, "2"))
    equal(answer.json["result"], "SUCCESS")
    equal(sorted(o["component"]["name"] for o in answer.json["operations"]),
          names)
    equal({o["state"] for o in answer.json["operations"]}, {"queued"})
    equal(world.sql("SELECT DISTINCT desired FROM component"), [["deleted"]])


@test
def delete_of_nothing_is_200_with_an_empty_list(world):
    answer = world.admin.send("DELETE", "/v1/trino/delete")
    equal((answer.status, answer.json["operations"]), (200, []))
    contains(answer.body, b"SUCCESS")


@test
def delete_is_narrowed_by_name_and_either_namespace(world):
    many(world, 3)

    def delete(**fields):
        answer = world.admin.form("DELETE", "/v1/trino/delete", fields)
        return answer.status, [o["component"]["name"] for o in
                               answer.json.get("operations", [])]

    equal(delete(name="c00"), (202, ["c00"]))
    equal(delete(namespace="ns-c01"), (202, ["c01"]))
    equal(delete(namespace="trino-operator", name="c02"), (202, ["c02"]))
    equal(delete(name="none"), (404, []))
    equal(delete(name="c00", namespace="ns-c01"), (404, []))
    equal(delete(namespace="none"), (200, []))
    equal(delete(name="../x"), (400, []))


@test
def one_deleted_component_has_a_location_and_twice_is_once(world):
    world.create()
    first = world.admin.send("DELETE", "/v1/trino/delete")
    ident = first.json["operations"][0]["id"]
    equal(first.headers["location"], "/v2/operations/" + ident)
    second = world.admin.send("DELETE", "/v1/trino/delete")
    equal((second.status, second.json["changed"]), (200, False))
    equal(second.json["operations"][0]["id"], ident)


@test
def data_is_deleted_only_if_asked_for_in_plain_words(world):
    world.create()
    for wish, status in (("maybe", 400), ("1", 400), ("false", 202),
                         ("true", 200)):
        answer = world.admin.form("DELETE", "/v1/trino/delete", {
            "delete_data": wish})
        equal(answer.status, status, wish)
    equal(world.sql("SELECT delete_data FROM component"), [["t"]])


@test
def a_component_that_is_being_deleted_takes_no_spec(world):
    world.create()
    world.admin.send("DELETE", "/v1/trino/delete")
    answer = world.create(replicas=3)
    equal((answer.status, answer.problem()["code"]), (409, "conflict"))
    equal((answer.problem()["state"], answer.problem()["allowed"]),
          ("Deleting", ["delete"]))
    equal(world.admin.send("DELETE", "/v1/trino/delete").status, 200)

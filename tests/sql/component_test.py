# SPDX-License-Identifier: Apache-2.0
"""component_put, component_delete, and what the reads then say."""
import world
from tap import equal, refused, test


def start(room):
    owner = room.session()
    world.wipe(owner)
    world.account(owner, "ann")
    return owner, world.Api(room.session("roaster_api"))


def counts(owner):
    return {table: int(owner.one(f"SELECT count(*) FROM {table}"))
            for table in ("component", "component_spec", "component_secret",
                          "component_status", "owned_name", "operation",
                          "event", "audit")}


def audited(owner):
    return owner.run("SELECT action, target, outcome, actor, address,"
                     " request_id FROM audit ORDER BY id")


@test
def a_new_component_is_created_with_all_that_belongs_to_it(room):
    owner, api = start(room)
    got = api.put("etl", owns=[("Service", "s"), ("release", "etl")],
                  secrets=[("/a", b"\1", b"\2"), ("/b", b"\3", b"\4")])
    equal((got["outcome"], got["operation_state"], got["state"],
           got["generation"]), ("created", "queued", "Pending", "1"))
    equal(counts(owner), {"component": 1, "component_spec": 1,
                          "component_secret": 2, "component_status": 1,
                          "owned_name": 2, "operation": 1, "event": 1,
                          "audit": 1})
    equal(audited(owner), [("put", "trino/ns/etl", "created", "ann",
                            "127.0.0.1", "r1")])
    equal(api.operation(got["operation"]), ("create", 1, "queued", ""))
    seen = api.get("etl")
    equal((seen["id"], seen["state"], seen["operation"], seen["observed"],
           seen["desired"], seen["posted_namespace"]),
          (got["component"], "Pending", got["operation"], "0", "running",
           "posted"))
    equal(api.get("other"), None)


@test
def the_same_again_changes_nothing(room):
    owner, api = start(room)
    first = api.put("etl")
    before = counts(owner)
    again = api.put("etl")
    equal((again["outcome"], again["component"], again["operation"],
           again["generation"]),
          ("unchanged", first["component"], first["operation"], "1"))
    before["audit"] += 1
    equal(counts(owner), before)
    equal(audited(owner)[-1][2], "unchanged")


@test
def another_spec_is_a_new_generation_and_supersedes_the_queued_one(room):
    owner, api = start(room)
    first = api.put("etl", secrets=[("/a", b"\1", b"\2")])
    second = api.put("etl", '{"a":1}', secrets=[("/a", b"\5", b"\6")])
    equal((second["outcome"], second["component"], second["generation"]),
          ("updated", first["component"], "2"))
    equal(api.operation(first["operation"])[2], "superseded")
    equal(api.operation(second["operation"]), ("update", 2, "queued", ""))
    equal(owner.run("SELECT generation, spec FROM component_spec"
                    " ORDER BY generation"), [("1", "{}"), ("2", '{"a":1}')])
    equal(owner.run("SELECT generation, sealed FROM component_secret"
                    " ORDER BY generation"), [("1", "\\x01"), ("2", "\\x05")])


@test
def the_last_operation_is_the_one_that_was_stored_last(room):
    """Also if its transaction began before that of the one it superseded."""
    owner, api = start(room)
    api.put("etl")
    with room.session("roaster_api") as late:
        late.run("BEGIN")
        late.run("SELECT 1")  # now() stands still from here
        api.put("etl", '{"a":1}')
        last = world.Api(late).put("etl", '{"a":2}')
        late.run("COMMIT")
    equal(api.get("etl")["operation"], last["operation"])


@test
def the_same_again_after_an_error_is_tried_again(room):
    owner, api = start(room)
    first = api.put("etl")
    owner.run("UPDATE component_status SET state = 'Error'")
    equal(api.put("etl")["outcome"], "updated")
    owner.run("UPDATE component_status SET state = 'Running',"
              " observed_generation = 2, failed_generation = 2")
    again = api.put("etl")
    equal((again["outcome"], again["generation"], again["component"]),
          ("updated", "3", first["component"]))


@test
def nothing_is_put_while_it_is_being_deleted(room):
    owner, api = start(room)
    api.put("etl")
    api.delete("etl")
    before = counts(owner)
    equal(api.get("etl")["state"], "Pending")
    message = refused("RO409", api.put, "etl", '{"a":1}', detail="Deleting")
    assert "trino/ns/etl is being deleted" in message, message
    owner.run("UPDATE component SET desired = 'running'")
    owner.run("UPDATE component_status SET state = 'Deleting'")
    refused("RO409", api.put, "etl", '{"a":1}', detail="Deleting")
    equal(counts(owner), before)


@test
def a_name_that_is_taken_names_the_holder_and_leaves_nothing(room):
    owner, api = start(room)
    api.put("etl", owns=[("Service", "coordinator"), ("release", "etl")])
    before = counts(owner)
    message = refused("RO409", lambda: api.put(
        "other", owns=[("Service", "coordinator"), ("release", "other")]))
    assert "Service coordinator in namespace ns" in message, message
    assert "trino ns/etl" in message, message
    equal(counts(owner), before)
    equal(api.put("other", namespace="ns2",
                  owns=[("Service", "coordinator")])["outcome"], "created")
    equal(api.put("third", owns=[("Ingress", "coordinator")])["outcome"],
          "created")


@test
def a_component_may_ask_for_its_own_names_again(room):
    _, api = start(room)
    api.put("etl", owns=[("Service", "a"), ("release", "etl")])
    got = api.put("etl", '{"a":1}', owns=[
        ("Service", "b"), ("Service", "a"), ("release", "etl")])
    equal(got["outcome"], "updated")


@test
def a_spec_that_drops_a_release_is_refused_and_leaves_nothing(room):
    owner, api = start(room)
    both = [("release", "etl"), ("release", "mysql")]
    api.put("etl", owns=both)
    before = counts(owner)
    message = refused("RO409", lambda: api.put(
        "etl", '{"a":1}', owns=[("release", "etl")]))
    assert "trino ns/etl has a release mysql" in message, message
    assert "delete the component" in message, message
    equal(counts(owner), before)
    more = both + [("release", "third")]
    equal(api.put("etl", '{"a":1}', owns=more)["outcome"], "updated")


@test
def a_delete_supersedes_what_is_queued_and_is_asked_once(room):
    owner, api = start(room)
    put = api.put("etl")
    first, = api.delete("etl")
    equal((first["outcome"], first["operation_state"], first["state"],
           first["namespace"], first["name"], first["component"]),
          ("accepted", "queued", "Pending", "ns", "etl", put["component"]))
    equal(api.operation(put["operation"])[2], "superseded")
    again, = api.delete("etl", data=True)
    equal((again["outcome"], again["operation"]),
          ("unchanged", first["operation"]))
    equal(api.get("etl")["desired"], "deleted")
    equal(owner.one("SELECT delete_data FROM component"), "t")
    equal([row[2] for row in audited(owner)],
          ["created", "accepted", "unchanged"])


@test
def a_delete_takes_the_target_or_the_posted_namespace(room):
    _, api = start(room)
    api.put("etl")
    refused("RO404", lambda: api.delete("etl", namespace="elsewhere"))
    equal(len(api.delete("etl", namespace="posted")), 1)
    equal(len(api.delete("etl", namespace="ns")), 1)
    message = refused("RO404", api.delete, "none")
    assert "no trino called none" in message, message
    refused("RO404", lambda: api.delete("etl", kind="hive_metastore"))


@test
def a_delete_of_all_takes_that_kind_only(room):
    owner, api = start(room)
    equal(api.delete(), [])
    for i in range(3):
        api.put(f"etl{i}", namespace=f"ns{i}")
    api.put("hive", kind="hive_metastore")
    gone = api.delete()
    equal(sorted(d["name"] for d in gone), ["etl0", "etl1", "etl2"])
    equal({d["outcome"] for d in gone}, {"accepted"})
    equal(api.get("hive", kind="hive_metastore")["desired"], "running")
    equal({d["outcome"] for d in api.delete()}, {"unchanged"})


@test
def a_role_that_may_not_is_refused_and_leaves_nothing(room):
    owner, api = start(room)
    world.account(owner, "vic", "viewer", digest=b"v" * 32)
    viewer = world.Api(api.session, b"v" * 32)
    message = refused("RO403", viewer.put, "etl")
    assert "viewer" in message, message
    api.put("etl")
    refused("RO403", viewer.delete, "etl")
    refused("RO401", world.Api(api.session, b"?" * 32).delete, "etl")
    equal(api.get("etl")["desired"], "running")


@test
def lists_come_in_pages(room):
    _, api = start(room)
    for name in ("c", "a", "b"):
        api.put(name)
    api.put("a", namespace="ms", owns=[])
    api.put("a", kind="hive_metastore", owns=[])

    def page(query, *values):
        return [(row[1], row[2], row[3]) for row in api.session.query(
            query, *values)]

    start_ = ("", "", "")
    everything = [("hive_metastore", "ns", "a"), ("trino", "ms", "a"),
                  ("trino", "ns", "a"), ("trino", "ns", "b"), ("trino", "ns", "c")]
    equal(page("component_list", *start_, 2), everything[:2])
    equal(page("component_list", *everything[1], 9), everything[2:])
    # Whatever list a cursor is of, the order is the same.
    for after in [start_, *everything, ("spark", "x", "y"), ("zeppelin", "a", "a")]:
        behind = [row for row in everything if row > after]
        for kind in ("hive_metastore", "spark", "trino"):
            of_kind = [row for row in behind if row[0] == kind]
            equal((after, page("component_list_kind", kind, *after, 9)), (after, of_kind))
            for space in ("ms", "ns"):
                equal((after, page("component_list_both", kind, space, *after, 9)),
                      (after, [row for row in of_kind if row[1] == space]))
        for space in ("ms", "ns"):
            equal((after, page("component_list_namespace", space, *after, 9)),
                  (after, [row for row in behind if row[1] == space]))


@test
def metrics_count_what_waits(room):
    _, api = start(room)
    equal(api.session.query("metrics_operations"), [("0", "0")])
    api.put("etl")
    equal(api.session.query("metrics_operations")[0][0], "1")
    equal(api.session.query("metrics_components"),
          [("trino", "ns", "etl", "Pending")])
    schema, age = api.session.query("ready")[0]
    equal((schema, age), (room.driver("version")[1].strip(), None))

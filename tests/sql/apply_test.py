# SPDX-License-Identifier: Apache-2.0
"""Claims, fences, what is recorded."""
import world
from tap import equal, refused, test


def start(room):
    owner = room.session()
    world.wipe(owner)
    world.account(owner, "ann")
    return (owner, world.Api(room.session("roaster_api")),
            world.Applier(room.session("roaster_apply")))


def running(applier):
    """Claimed, taken up, Running with its first generation good."""
    claim = applier.claim()
    applier.take_up(claim)
    applier.record(claim, "Running", ["succeed", "good", "applied"])
    return claim


def status(owner, columns="state"):
    return owner.run(f"SELECT {columns} FROM component_status")[0]


@test
def a_claim_is_held_by_one(room):
    _, api, applier = start(room)
    equal(applier.claim(), None)
    put = api.put("etl")
    claim = applier.claim()
    equal((claim["component"], claim["state"], claim["generation"],
           claim["observed"], claim["run"], claim["queued"],
           claim["queued_action"], claim["running"], claim["good"]),
          (put["component"], "Pending", "1", "0", "0", put["operation"],
           "create", None, None))
    equal(applier.claim(), None)
    equal(world.Applier(applier.session, "n2").claim(), None)


@test
def the_one_that_is_due_longest_comes_first(room):
    owner, api, applier = start(room)
    for name in ("a", "b", "c"):
        api.put(name)
    owner.run("UPDATE component_status s SET next_check_at = now() - CASE"
              " c.name WHEN 'b' THEN interval '9 s' WHEN 'c' THEN"
              " interval '5 s' ELSE interval '1 s' END"
              " FROM component c WHERE c.id = s.component")
    equal([applier.claim()["name"] for _ in range(3)], ["b", "c", "a"])


@test
def an_operation_is_taken_up_and_succeeds(room):
    owner, api, applier = start(room)
    put = api.put("etl")
    claim = applier.claim()
    equal(applier.take_up(claim), (None, None))
    equal(api.operation(put["operation"])[2], "running")
    equal(applier.record(claim, "Running", ["succeed", "good", "applied"],
                         message="all is well"),
          (put["operation"], "succeeded"))
    equal(api.operation(put["operation"])[2:], ("succeeded", ""))
    seen = api.get("etl")
    equal((seen["state"], seen["message"], seen["ready"], seen["wanted"],
           seen["observed"], seen["good"], seen["failed"]),
          ("Running", "all is well", "1", "2", "1", "1", None))
    equal(owner.run("SELECT from_state, to_state, operation FROM event"
                    " ORDER BY id"),
          [("Pending", "Pending", put["operation"]),
           ("Pending", "Starting", put["operation"]),
           ("Starting", "Running", put["operation"])])


@test
def an_operation_that_fails_keeps_why(room):
    _, api, applier = start(room)
    put = api.put("etl")
    claim = applier.claim()
    applier.take_up(claim)
    equal(applier.record(claim, "Error", ["fail"], message="no image"),
          (put["operation"], "failed"))
    equal(api.operation(put["operation"])[2:], ("failed", "no image"))


@test
def a_lost_fence_records_nothing(room):
    owner, api, applier = start(room)
    api.put("etl")
    old = applier.claim(lease_s=-11)
    new = world.Applier(applier.session, "n2").claim()
    equal(new["component"], old["component"])
    assert int(new["fence"]) > int(old["fence"])
    before = status(owner, "*")
    equal(applier.take_up(old), None)
    equal(applier.release(old), None)
    equal(applier.session.query("apply_describe", old["component"],
                                old["fence"], ["r"], ["c"], [], [], [], []),
          [("f",)])
    equal(status(owner, "*"), before)
    equal(owner.one("SELECT count(*) FROM child"), "0")
    assert applier.take_up(new) is not None


@test
def a_lease_that_ran_out_is_waited_for_ten_seconds_more(room):
    owner, api, applier = start(room)
    api.put("etl")
    applier.claim(lease_s=-9)
    equal(applier.claim(), None)
    owner.run("UPDATE component_status SET lease_until ="
              " now() - interval '11 s'")
    assert applier.claim() is not None


@test
def whoever_goes_on_keeps_the_claim_and_is_told_what_is_next(room):
    owner, api, applier = start(room)
    put = api.put("etl")
    claim = applier.claim()
    owner.run("UPDATE component_status SET is_nudged = true,"
              " lease_until = now() + interval '1 s'")
    ended, _, after = applier.go_on(
        claim, "Starting", ["take_up", "observed", "reset"],
        queued=put["operation"])
    equal((ended, after["fence"], after["state"], after["queued"],
           after["running"], after["observed"], after["run"], after["stage"]),
          (None, claim["fence"], "Starting", None, put["operation"], "1", "1",
           "0"))
    equal(status(owner, "is_nudged, claimed_by,"
                        " lease_until > now() + interval '20 s'"),
          ("f", "n1", "t"))
    equal(applier.claim(), None)
    again = api.put("etl", spec='{"b": 2}')
    ended, state, after = applier.go_on(after, "Starting", ["fail"], stage=2)
    equal((ended, state, after["stage"], after["queued"]),
          (put["operation"], "failed", "2", again["operation"]))
    assert applier.release(after) is not None
    equal(applier.go_on(after, "Starting"), None)


@test
def a_claim_is_given_back_in_whatever_state_it_is(room):
    owner, api, applier = start(room)
    put = api.put("etl")
    claim = applier.claim()
    applier.go_on(claim, "Starting", ["take_up", "observed", "reset"],
                  queued=put["operation"])
    # Whoever was not told tries the same again.
    equal(applier.go_on(claim, "Starting", ["take_up", "observed", "reset"],
                        queued=put["operation"]), None)
    assert applier.give_back(claim)
    equal(status(owner, "state, claimed_by, fence, lease_until"),
          ("Starting", None, None, None))
    after = applier.claim()
    equal((after["state"], after["running"]), ("Starting", put["operation"]))
    assert not applier.give_back(claim)
    equal(applier.heartbeat(after["fence"]), [after["fence"]])


@test
def a_state_that_moved_records_nothing(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = applier.claim()
    equal(applier.record(claim, "Starting", frm="Running"), None)
    equal(status(owner), ("Pending",))


@test
def a_request_that_changed_meanwhile_is_not_taken_up(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = applier.claim()
    second = api.put("etl", '{"a":1}')
    refused("RO409", applier.take_up, claim)
    equal(status(owner, "state, observed_generation"), ("Pending", "0"))
    equal(api.operation(second["operation"])[2], "queued")
    claim["queued"] = second["operation"]
    applier.take_up(claim)
    equal(api.operation(second["operation"])[2], "running")
    equal(status(owner, "state, observed_generation"), ("Starting", "2"))


@test
def a_request_taken_up_supersedes_the_running_one(room):
    _, api, applier = start(room)
    first = api.put("etl")
    claim = applier.claim()
    applier.take_up(claim)
    claim["queued"] = api.put("etl", '{"a":1}')["operation"]
    equal(api.operation(first["operation"])[2], "running")
    applier.take_up(claim, "Updating")
    equal(api.operation(first["operation"])[2], "superseded")
    equal(api.operation(claim["queued"])[2], "running")


@test
def a_release_is_due_again_after_its_delay(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = running(applier)
    applier.release(claim, delay_ms=90000)
    due = ("next_check_at > now() + interval '80 s' AND next_check_at <"
           " now() + interval '100 s', claimed_by, fence, lease_until")
    equal(status(owner, due), ("t", None, None, None))
    equal(applier.claim(), None)
    equal(applier.record(claim, "Running"), None)


@test
def a_release_without_delay_waits_until_somebody_asks(room):
    owner, api, applier = start(room)
    api.put("etl")
    applier.release(running(applier))
    equal(status(owner, "next_check_at"), (None,))
    equal(applier.session.query("apply_nudge", "ns", ""), [("0",)])
    api.put("etl", '{"a":1}')
    assert applier.claim() is not None


@test
def what_was_nudged_while_it_was_claimed_is_due_at_once(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = running(applier)
    equal(applier.session.query("apply_nudge", "ns", ""), [("1",)])
    equal(applier.session.query("apply_nudge", "ns", ""), [("0",)])
    applier.release(claim, delay_ms=90000)
    claim = applier.claim()
    assert claim is not None
    applier.release(claim, delay_ms=90000)
    equal(applier.claim(), None)
    equal(applier.session.query("apply_nudge", "ns", ""), [("1",)])
    assert applier.claim() is not None


@test
def a_request_that_came_while_it_was_claimed_is_due_at_once(room):
    _, api, applier = start(room)
    api.put("etl")
    claim = running(applier)
    api.put("etl", '{"a":1}')
    applier.release(claim)
    assert applier.claim()["queued"] is not None


@test
def first_looks_are_had_before_anything_was_done(room):
    _, api, applier = start(room)
    api.put("etl")
    claim = applier.claim(is_first=True)
    equal(claim["name"], "etl")
    claim = applier.take_up(claim, "Pending") and claim
    applier.release(claim, delay_ms=0)
    claim = applier.claim(is_first=True)
    applier.record(claim, "Pending", ["release"], stage=1, delay_ms=0)
    equal(applier.claim(is_first=True), None)
    applier.record(applier.claim(), "Starting", ["release"], stage=0,
                   frm="Pending", delay_ms=0)
    equal(applier.claim(is_first=True), None)
    equal(applier.claim()["name"], "etl")


@test
def a_nudge_by_release_finds_its_component_only(room):
    _, api, applier = start(room)
    api.put("a")
    api.put("b")
    for _ in range(2):
        claim = running(applier)
        applier.session.query("apply_describe", claim["component"],
                              claim["fence"], ["r" + claim["name"]], ["c"],
                              ["http"], ["h"], [80], ["http://h"])
        applier.release(claim, delay_ms=90000)
    equal(applier.session.query("apply_nudge", "ns", "none"), [("0",)])
    equal(applier.session.query("apply_nudge", "other", ""), [("0",)])
    equal(applier.session.query("apply_nudge", "ns", "rb"), [("1",)])
    equal(applier.claim()["name"], "b")
    equal(applier.claim(), None)


@test
def a_heartbeat_returns_the_fences_that_are_held(room):
    owner, api, applier = start(room)
    api.put("a")
    api.put("b")
    first, second = applier.claim(), applier.claim()
    equal(sorted(applier.heartbeat(first["fence"], second["fence"], 999)),
          sorted([first["fence"], second["fence"]]))
    applier.release(second)
    equal(applier.heartbeat(first["fence"], second["fence"], lease_s=500),
          [first["fence"]])
    equal(owner.one("SELECT lease_until > now() + interval '400 s' FROM"
                    " component_status WHERE fence = $1", first["fence"]), "t")
    equal(world.Applier(applier.session, "n2").heartbeat(first["fence"]), [])
    equal(applier.heartbeat(), [])
    assert int(api.session.query("ready")[0][1]) < 60000


@test
def a_node_that_starts_gives_back_what_it_held(room):
    _, api, applier = start(room)
    api.put("a")
    api.put("b")
    claim = applier.claim()
    other = world.Applier(applier.session, "n2")
    kept = other.claim()
    equal(applier.session.query("apply_reclaim", "n1"), [("1",)])
    equal(applier.record(claim, "Pending"), None)
    equal(applier.claim()["component"], claim["component"])
    equal(other.heartbeat(kept["fence"]), [kept["fence"]])


@test
def an_update_that_fails_goes_back_to_the_good_generation(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = running(applier)
    claim["queued"] = api.put("etl", '{"a":1}')["operation"]
    applier.take_up(claim, "Updating")
    equal(applier.record(claim, "Updating", ["go_back", "reset"],
                         message="no image", stage=7)[1], None)
    applier.release(claim, delay_ms=0)
    claim = applier.claim()
    equal((claim["generation"], claim["observed"], claim["good"],
           claim["failed"], claim["run"], claim["stage"], claim["failure"]),
          ("2", "2", "1", "2", "1", "0", "no image"))
    equal(applier.session.query("apply_spec", claim["component"],
                                claim["run"]), [("{}",)])
    applier.record(claim, "Running", ["good", "fail"])
    seen = api.get("etl")
    equal((seen["good"], seen["failed"]), ("1", "2"))
    claim["queued"] = api.put("etl", '{"a":2}')["operation"]
    applier.take_up(claim, "Updating")
    applier.record(claim, "Running", ["good", "succeed"])
    seen = api.get("etl")
    equal((seen["good"], seen["failed"], seen["observed"]), ("3", None, "3"))
    equal(owner.run("SELECT generation FROM component_spec"), [("3",)])


@test
def the_spec_that_is_queued_outlives_the_old_ones(room):
    owner, api, applier = start(room)
    api.put("etl", secrets=[("/a", b"\1", b"\2")])
    claim = running(applier)
    api.put("etl", '{"a":1}', secrets=[("/a", b"\3", b"\4")])
    applier.record(claim, "Running")
    equal(owner.run("SELECT generation FROM component_spec ORDER BY 1"),
          [("1",), ("2",)])
    equal(applier.session.query("apply_secrets", claim["component"], 2),
          [("/a", "\\x03", "04")])


@test
def stage_and_attempts_are_kept_unless_given(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = applier.claim()
    applier.record(claim, "Pending", stage=3, attempts=2)
    applier.record(claim, "Pending")
    equal(status(owner, "stage, attempts"), ("3", "2"))
    applier.record(claim, "Pending", ["reset"])
    equal(status(owner, "stage, attempts"), ("0", "0"))


@test
def time_without_a_cluster_does_not_count(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = applier.claim()
    applier.take_up(claim)
    counted = "extract(epoch FROM observed_at - phase_at)::integer"
    for ahead, seconds in (1, "100"), (0, "30"):
        owner.run("UPDATE component_status SET phase_at = now() - interval"
                  " '100 s', observed_at = now() - interval '70 s'")
        applier.session.query("apply_unseen", claim["component"],
                              int(claim["fence"]) + ahead)
        applier.record(claim, "Starting")
        equal(status(owner, counted), (seconds,))


@test
def what_is_removed_leaves_its_history_and_frees_its_names(room):
    owner, api, applier = start(room)
    api.put("etl", owns=[("Service", "s")])
    claim = running(applier)
    applier.session.query("apply_log", claim["component"], None, "helm", ["x"])
    claim["queued"] = api.delete("etl")[0]["operation"]
    applier.record(claim, "Deleting", ["take_up"], queued=claim["queued"])
    equal(applier.record(claim, "Deleting", ["succeed", "remove"],
                         message="gone"), (claim["queued"], "succeeded"))
    equal(api.get("etl"), None)
    for table in ("component_status", "component_spec", "owned_name"):
        equal(owner.one(f"SELECT count(*) FROM {table}"), "0")
    equal(owner.one("SELECT count(*) FROM log_line"), "1")
    equal(api.operation(claim["queued"])[2], "succeeded")
    equal(api.session.query("operation_get", claim["queued"])[0][14:],
          (None, None, "", "f"))
    equal(applier.heartbeat(claim["fence"]), [])
    equal(api.put("other", owns=[("Service", "s")])["outcome"], "created")


@test
def a_taken_name_is_a_conflict_that_the_operation_keeps(room):
    _, api, applier = start(room)
    put = api.put("etl")
    applier.heartbeat()
    equal(looked(api, put), ("", "t"))
    claim = applier.claim()
    applier.take_up(claim, "Pending")
    equal(looked(api, put), ("", "t"))
    applier.record(claim, "Pending", ["taken", "fail", "remove"],
                   message="theirs")
    equal(api.operation(put["operation"])[2:], ("failed", "theirs"))
    equal(looked(api, put), ("conflict", "f"))
    equal(api.get("etl"), None)


@test
def what_was_asked_of_a_component_ends_with_it(room):
    _, api, applier = start(room)
    put = api.put("etl")
    other = api.put("other")
    claim = applier.claim()
    applier.take_up(claim, "Pending")
    again = api.put("etl", '{"a":1}')
    applier.record(claim, "Pending", ["taken", "fail", "remove"],
                   message="theirs")
    equal(api.operation(put["operation"])[2:], ("failed", "theirs"))
    equal(api.operation(again["operation"])[2:],
          ("cancelled", "the component went before this was done"))
    row = api.session.query("operation_get", again["operation"])[0]
    assert row[13] is not None, "it has no end"
    equal(api.operation(other["operation"])[2], "queued")
    equal(api.session.query("metrics_operations")[0][0], "1")


@test
def a_component_waits_to_be_looked_at_while_an_applier_is_there(room):
    owner, api, applier = start(room)
    put = api.put("etl")
    owner.run("DELETE FROM server_node")
    equal(looked(api, put), ("", "f"))
    equal(api.put("alone")["is_watched"], "f")
    applier.heartbeat()
    equal(looked(api, put), ("", "t"))
    equal(api.put("watched")["is_watched"], "t")
    owner.run("UPDATE server_node SET seen_at = now() - interval '16 s'")
    equal(looked(api, put), ("", "f"))
    equal(api.put("forsaken")["is_watched"], "f")
    applier.heartbeat()
    claim = applier.claim()
    applier.take_up(claim, "Pending")
    applier.record(claim, "Pending", attempts=2)
    equal(looked(api, put), ("", "t"))
    applier.record(claim, "Pending", attempts=3)
    equal(looked(api, put), ("", "f"))
    applier.record(claim, "Pending", attempts=0, stage=1)
    equal(looked(api, put), ("", "f"))


def looked(api, put):
    """(error_code, is_pending) of the operation."""
    return api.session.query("operation_get", put["operation"])[0][16:]


@test
def a_description_replaces_the_one_before(room):
    _, api, applier = start(room)
    api.put("etl")
    claim = applier.claim()

    def describe(*values):
        return applier.session.query("apply_describe", claim["component"],
                                     claim["fence"], *values)

    describe(["a", "b"], ["x", "y"], ["http"], ["h"], [80], ["http://h"])
    equal(describe(["b", "a"], ["y", "x"], [], [], [], []), [("t",)])
    equal(api.session.query("component_children", "trino", "ns", "etl"),
          [("b", "y"), ("a", "x")])
    equal(api.session.query("component_endpoints", "trino", "ns", "etl"), [])
    describe([], [], ["a", "b"], ["h", "i"], [80, 81], ["http://h", "i:81"])
    equal(api.session.query("component_endpoints", "trino", "ns", "etl"),
          [("a", "h", "80", "http://h"), ("b", "i", "81", "i:81")])


@test
def what_is_so_already_is_not_written_again(room):
    owner, api, applier = start(room)
    api.put("etl")
    claim = applier.claim()

    def say():
        applier.session.query("apply_namespace", "ns", True)
        applier.session.query("apply_namespace", "ns", False)
        return applier.session.query(
            "apply_describe", claim["component"], claim["fence"], ["b", "a"],
            ["x", "y"], ["h", "g"], ["i", "j"], [80, 81], ["http://i", "j:81"])

    def rows():
        return [owner.run(f"SELECT xmin, xmax, * FROM {table}") for table in
                ("managed_namespace", "child", "endpoint", "component_status")]

    say()
    before = rows()
    equal(say(), [("t",)])
    equal(rows(), before)


@test
def log_lines_are_capped(room):
    owner, api, applier = start(room)
    ident = api.put("etl")["component"]
    for i in range(3):
        applier.session.query("apply_log", ident, None, "pod",
                              [f"{i} {k}" for k in range(900)])
    equal(owner.run("SELECT count(*), min(line), max(line) FROM log_line"
                    " WHERE line LIKE '0%' OR line = '2 899'"),
          [("201", "0 700", "2 899")])
    equal(owner.one("SELECT count(*) FROM log_line"), "2000")


@test
def counters_add_up(room):
    _, api, applier = start(room)

    def count(*values):
        applier.session.query("apply_count", *values)

    count(["a", "b", "a"], ["x=1", "", "x=1"], [1, 2, 3])
    count(["b", "a"], ["", "x=2"], [5, 1])
    equal(api.session.query("metrics_counters"),
          [("a", "x=1", "4"), ("a", "x=2", "1"), ("b", "", "7")])


@test
def the_first_cluster_seen_stays(room):
    _, _, applier = start(room)
    equal(applier.session.query("apply_cluster", "u1"), [("u1",)])
    equal(applier.session.query("apply_cluster", "u2"), [("u1",)])
    for value in ("x", "y"):
        applier.session.query("apply_fact", "version", value)
    equal(applier.session.run("SELECT name, value FROM cluster_fact"
                              " ORDER BY name"),
          [("kube_system_uid", "u1"), ("version", "y")])


@test
def a_namespace_that_roaster_made_stays_one(room):
    _, api, applier = start(room)
    api.put("etl")
    for is_made in (False, True, False):
        applier.session.query("apply_namespace", "ns", is_made)
    equal(applier.session.query("apply_namespace_get", "ns"), [("t", "1")])
    equal(applier.session.query("apply_namespaces"), [("ns",)])
    applier.session.query("apply_namespace_forget", "ns")
    equal(applier.session.query("apply_namespace_get", "ns"), [])

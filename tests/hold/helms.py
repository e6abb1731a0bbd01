# SPDX-License-Identifier: Apache-2.0
"""A helm that hangs, and no database to confirm that it may; a deletion that the
database does not answer, one whose answer is lost, and one that is not the last."""
import time

from tap import equal, test

import server as servers
from posts import create
from server import Holder, children, is_alive, until
from stub_kube import Kube

LEASE_S = 30  # after that another node may run helm for the component

# It answers a SIGTERM by writing it down, and goes on.
HELM = """#!/bin/sh
case $1 in
version)
	echo v4.1.4
	exit
	;;
esac
trap 'echo "term $(/bin/date +%s.%N)" >>{book}' TERM
echo "begin $$" >>{book}
while [ -e {hang} ]; do
	/bin/sleep 0.2
done
exit 1
"""


class Server(servers.Server):
    """With an applier, a helm that hangs as long as there is the file hang,
    and a cluster that has nothing."""

    def __init__(self):
        super().__init__()
        self.kube = Kube()
        self.book, self.hang = self.folder / "book", self.folder / "hang"
        helm, kubeconfig = self.folder / "helm", self.folder / "kubeconfig"
        helm.write_text(HELM.format(book=self.book, hang=self.hang))
        helm.chmod(0o755)
        kubeconfig.write_text(self.kube.kubeconfig())
        self.hang.touch()
        self.settings.update(helm=helm, kubeconfig=kubeconfig)

    def begin_test(self):
        """The second test goes on where the first one ended."""

    def __exit__(self, *_):
        self.hang.unlink(missing_ok=True)
        super().__exit__()
        self.kube.close()

    def helms(self):
        """Pids of all that were started so far."""
        return [int(second) for first, second in self.lines()
                if first == "begin"]

    def terms(self):
        """Unix times of SIGTERM."""
        return [float(second) for first, second in self.lines()
                if first == "term"]

    def lines(self):
        text = self.book.read_text() if self.book.exists() else ""
        return [line.split() for line in text.splitlines()]


@test
def a_helm_without_a_database_is_ended_before_its_lease(server):
    equal(create(server.admin, "etl").status, 202)
    until(server.helms, "helm begins")
    helm, = server.helms()
    with server.without_database():
        begin, unix = time.monotonic(), time.time()
        until(lambda: not is_alive(helm), "helm is dead", 3 * LEASE_S)
        seconds = time.monotonic() - begin
        server.hang.unlink()
    equal(server.helms(), [helm])
    assert server.terms(), "it was not asked to end before it was killed"
    print(f"# asked to end after {server.terms()[0] - unix:.1f} s, killed"
          f" after {seconds:.1f} s without a database")
    assert seconds < LEASE_S, seconds


@test
def with_the_database_helm_is_tried_again_by_the_same_applier(server):
    applier = server.part("apply")
    assert applier is not None
    until(lambda: len(server.helms()) > 1, "another helm begins")
    equal(server.part("apply"), applier)
    equal([pid for pid in children(applier) if is_alive(pid) and
           pid == server.helms()[0]], [])


def why(server):
    """State and message of the component; None: it is gone."""
    rows = server.sql("SELECT state, message FROM component_status")
    return rows[0] if rows else None


def bindings(server):
    return [path for path in list(server.kube.server.objects)
            if "/rolebindings/" in path]


@test
def what_the_database_refuses_to_say_is_not_taken_for_nothing(server):
    binding, = bindings(server)
    with Holder(server, "LOCK TABLE managed_namespace IN ACCESS EXCLUSIVE MODE"):
        equal(server.admin.form("DELETE", "/v1/trino/delete",
                                {"name": "etl"}).status, 202)
        until(lambda: why(server) is None or "refused" in why(server)[1],
              "the applier was refused")
        equal(why(server), ["Deleting", "the database refused: canceling"
                            " statement due to lock timeout"])
        assert binding in server.kube.server.objects
    until(lambda: why(server) is None, "it is gone")
    assert binding not in server.kube.server.objects


# The commit of a deletion's first step is done, and its answer waits for a
# standby that there is not.
UNTOLD = """
CREATE FUNCTION untold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'on', true);
  RETURN NULL;
END $$;
CREATE TRIGGER untold AFTER UPDATE OF state ON component_status FOR EACH ROW
  WHEN (new.state = 'Deleting' AND old.state <> 'Deleting')
  EXECUTE FUNCTION untold();
ALTER SYSTEM SET synchronous_commit = 'local';
SELECT pg_reload_conf();
"""
WAITING = "pg_stat_activity WHERE wait_event = 'SyncRep'"
TOLD = """
ALTER SYSTEM RESET ALL;
SELECT pg_reload_conf();
DROP FUNCTION untold CASCADE;
"""


def has(server, setting, value):
    until(lambda: server.sql(f"SHOW {setting}") == [[value]], setting)


@test
def a_claim_whose_answer_was_lost_is_given_back_at_once(server):
    server.sql(UNTOLD)
    has(server, "synchronous_commit", "local")
    server.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody';"
               " SELECT pg_reload_conf()")
    has(server, "synchronous_standby_names", "nobody")
    server.sql("CHECKPOINT")  # whoever makes it tells the others of the standby
    equal(create(server.admin, "lost").status, 202)
    equal(server.admin.form("DELETE", "/v1/trino/delete",
                            {"name": "lost"}).status, 202)
    until(lambda: server.sql(f"SELECT 1 FROM {WAITING}"), "the commit waits")
    (fence, lease), = server.sql(
        "SELECT fence, lease_until FROM component_status")
    server.sql(f"SELECT pg_terminate_backend(pid) FROM {WAITING}")
    server.sql(TOLD)
    until(lambda: server.sql("SELECT 1 FROM component_status WHERE fence ="
                             f" {fence}") == [], "the claim is back")
    print("# given back {0} before the lease ran out".format(
        *server.sql(f"SELECT timestamptz '{lease}' - now()")[0]))
    equal(server.sql(f"SELECT now() < timestamptz '{lease}'"), [["t"]])
    until(lambda: why(server) is None, "it is gone")


@test
def a_namespace_that_another_came_into_meanwhile_is_not_left(server):
    kube = server.kube.server
    equal(create(server.admin, "shared").status, 202)
    until(lambda: bindings(server), "it has our rights")
    binding, = bindings(server)
    kube.held = "/api/v1/namespaces/shared/pods"
    equal(server.admin.form("DELETE", "/v1/trino/delete",
                            {"name": "shared"}).status, 202)
    until(kube.is_asked.is_set, "the deletion goes on")
    server.sql("INSERT INTO component (id, kind, namespace, name,"
               " posted_namespace) VALUES (gen_random_uuid(),"
               " 'hive_metastore', 'shared', 'another', '')")
    kube.may_answer.set()
    until(lambda: why(server) is None, "it is gone")
    assert binding in kube.objects
    equal(server.sql("SELECT name FROM managed_namespace"), [["shared"]])

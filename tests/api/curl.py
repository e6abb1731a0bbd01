# SPDX-License-Identifier: Apache-2.0
"""DataRoaster's own command lines, only host and password filled in."""
import json
import pathlib
import subprocess

from tap import contains, equal, test
from world import yaml_of

SAMPLE = pathlib.Path(__file__).parents[2] / "examples" / \
    "trino-cluster-etl.yaml"


def shell(world, script):
    """What ${script} printed; $SERVER, $PASSWORD and $TOKEN are set."""
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True,
                          check=False, env={
                              "PATH": "/usr/local/bin:/usr/bin:/bin",
                              "no_proxy": "*", "SERVER": world.url,
                              "PASSWORD": world.password,
                              "TOKEN": world.admin.token,
                              "SAMPLE": str(SAMPLE)})
    equal(done.returncode, 0, done.stderr)
    return done.stdout


@test
def the_line_for_login_prints_a_token(world):
    answer = json.loads(shell(world, """
        curl -s -XPOST \\
        $SERVER/v1/login \\
        -d "user=admin" \\
        -d "password=$PASSWORD"
        """))
    equal(list(answer)[:2], ["expiration", "token"])


@test
def the_lines_for_users_work(world):
    auth = '-H "Authorization: Bearer $TOKEN"'
    contains(shell(world, f"""
        curl -s -XPOST {auth} $SERVER/v1/users/create \\
        -d "user=any-user" -d "password=any-password"
        """), "SUCCESS")
    contains(shell(world, f"""
        curl -s -XPUT {auth} $SERVER/v1/users/update/password \\
        -d "user=any-user" -d "password=new-password"
        """), "SUCCESS")
    equal(json.loads(shell(world, f"""
        curl -s -XGET {auth} $SERVER/v1/users/list
        """))[1]["user"], "any-user")
    contains(shell(world, f"""
        curl -s -XDELETE {auth} $SERVER/v1/users/delete -d "user=any-user"
        """), "SUCCESS")


@test
def the_lines_for_trino_work(world):
    auth = '-H "Authorization: Bearer $TOKEN"'
    contains(shell(world, f"""
        curl -s -XPOST {auth} $SERVER/v1/trino/create \\
        -d "yaml=$(base64 -w 0 "$SAMPLE")"
        """), "SUCCESS")
    listed = json.loads(shell(world, f"""
        curl -s -XGET {auth} $SERVER/v1/trino/list
        """))
    equal([(i["components"], i["kind"], i["name"], i["namespace"])
           for i in listed],
          [("trino", "TrinoCluster", "trino-cluster-etl", "trino-operator")])
    contains(shell(world, f"""
        curl -s -XDELETE {auth} $SERVER/v1/trino/delete
        """), "SUCCESS")


@test
def a_yaml_whose_base64_has_a_plus_needs_no_care(world):
    text = yaml_of() + "# ~~~ >>> ~~~ >>> ééé\n"
    for tail in ("", " ", "  "):
        path = pathlib.Path("/dev/stdin")
        done = subprocess.run(
            ["sh", "-c", f'curl -s -XPOST -H "Authorization: Bearer $TOKEN" '
             f'$SERVER/v1/trino/create -d "yaml=$(base64 -w0 {path})"'],
            input=text + tail, capture_output=True, text=True, check=True,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "no_proxy": "*",
                 "SERVER": world.url, "TOKEN": world.admin.token})
        contains(done.stdout, "SUCCESS")
    equal(world.sql("SELECT generation FROM component"), [["1"]])

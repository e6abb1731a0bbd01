# SPDX-License-Identifier: Apache-2.0
"""Lines of curl as people have them, run by a shell."""
import os
import subprocess

from harness import TOP, environment, equal

ACCESS = {}  # "token" becomes the shell's variable ACCESS_TOKEN


def shell(line, status, **words):
    """Run a line in a shell, in the top folder; its answer's body. Only the
    status is asked for besides: --write-out behind the line's own curl."""
    line = line.format(**words).rstrip(";")
    line += " -sS --noproxy '*' -w '\\n%{http_code}'"
    env = {**os.environ, "ROASTER_URL": environment()["ROASTER_URL"],
           "ACCESS_TOKEN": ACCESS.get("token", "")}
    done = subprocess.run(["bash", "-c", line], cwd=TOP, env=env, text=True,
                          capture_output=True, check=True)
    body, _, code = done.stdout.rpartition("\n")
    equal(int(code), status, f"{line}\n{body}")
    return body

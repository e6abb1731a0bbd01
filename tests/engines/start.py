#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""start.py CONTAINER.json: become a container that layout.py has laid out.

To be called in new mount and UTS namespaces. The root is this machine's with the
image's folders, below a file system in memory, so that nothing of what the
engine writes stays. Like a container it gets its own environment, user, command
and mounts, and nothing else.
"""
import json
import os
import pathlib
import socket
import subprocess
import sys

BASE = pathlib.Path("/mnt")
ROOT = BASE / "root"
OUTSIDE = "/outside"


def mount(*args):
    subprocess.run(["mount", *args], check=True)


def overlay(lower, target, name):
    """What is written at target stays in memory."""
    for folder in ("upper", "work"):
        (BASE / folder / name).mkdir(parents=True)
    target.mkdir(parents=True, exist_ok=True)
    mount("-t", "overlay", "overlay", "-o",
          f"lowerdir={lower},upperdir={BASE}/upper/{name},"
          f"workdir={BASE}/work/{name}", str(target))


def make_root(image):
    mount("-t", "tmpfs", "tmpfs", str(BASE))
    overlay("/", ROOT, "root")
    for i, (lower, path) in enumerate(image):
        overlay(lower, ROOT / path.lstrip("/"), str(i))
    for folder in ("/dev", "/proc", "/sys"):
        mount("--rbind", folder, str(ROOT) + folder)
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(ROOT) + "/tmp")


def enter_root():
    """The machine's own root is below OUTSIDE then, until it is left."""
    (ROOT / "outside").mkdir()
    mount("--rbind", "/", str(ROOT) + OUTSIDE)
    os.chroot(ROOT)
    os.chdir("/")


def make_mount(source, path, is_read_only):
    source, target = pathlib.Path(OUTSIDE + source), pathlib.Path(path)
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(exist_ok=True)
    mount("--bind", str(source), path)
    if is_read_only:
        mount("-o", "remount,bind,ro", path)


def add_users(passwd):
    with open("/etc/passwd", "a", encoding="utf-8") as file:
        file.write(passwd)


def become(user, group):
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)


def main():
    container = json.loads(pathlib.Path(sys.argv[1]).read_text())
    os.umask(0o022)
    make_root(container["image"])
    enter_root()
    for source, path, is_read_only in container["mounts"]:
        make_mount(source, path, is_read_only)
    add_users(container["passwd"])
    socket.sethostname(container["hostname"][:63])
    subprocess.run(["umount", "-l", OUTSIDE], check=True)
    os.chdir("/tmp")
    become(container["user"], container["group"])
    os.execvpe(container["argv"][0], container["argv"], container["env"])


main()

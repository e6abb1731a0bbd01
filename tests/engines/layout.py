#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layout.py DIR ENGINES HOST=ADDRESS...: lay out on disk what pods would see.

Standard input is a List of Pods, Services, ConfigMaps and Secrets, as kubectl
prints them. For each pod below DIR comes to hold

  ROLE/volumes/VOLUME/  what the kubelet would mount
  ROLE/CONTAINER.json   for start.py: root, mounts, user, environment, command
  ROLE/address          its address
  ROLE/hosts            the names it can resolve: Services, and HOSTs

Nothing is changed on the way. What this program does not know how to lay out is
an error, so that nothing is left out in silence.
"""
import base64
import json
import os
import pathlib
import re
import shutil
import sys

from images import stand_in

# The pods to lay out, by the name of their container. Of several alike (the
# workers) the first.
ROLES = ["mysql", "metastore", "spark-thrift-server", "trino-coordinator",
         "trino-worker"]
FIRST_ADDRESS = 10
HERE = pathlib.Path(__file__).resolve().parent


def fail(what):
    sys.exit(f"layout: {what}")


class Cluster:
    """The objects of standard input."""

    def __init__(self, items):
        self.items = items

    def all(self, kind):
        return [item for item in self.items if item["kind"] == kind]

    def contents(self, kind, namespace, name):
        """Key -> bytes of a ConfigMap or a Secret."""
        for item in self.all(kind):
            meta = item["metadata"]
            if (meta["namespace"], meta["name"]) == (namespace, name):
                return contents(item)
        return fail(f"no {kind} {namespace}/{name}")


def contents(item):
    text = item.get("data") or {}
    if item["kind"] == "Secret":
        return {key: base64.b64decode(value) for key, value in text.items()}
    found = {key: value.encode() for key, value in text.items()}
    for key, value in (item.get("binaryData") or {}).items():
        found[key] = base64.b64decode(value)
    return found


class Pod:
    """A pod with an address of its own, laid out below folder."""

    def __init__(self, cluster, role, index, folder):
        self.cluster = cluster
        self.role = role
        self.item = find_pod(cluster, role)
        self.spec = self.item["spec"]
        self.namespace = self.item["metadata"]["namespace"]
        self.name = self.item["metadata"]["name"]
        self.address = f"10.1.0.{FIRST_ADDRESS + index}"
        self.folder = folder / role
        self.volumes = {}

    def containers(self):
        return self.spec.get("initContainers", []) + self.spec["containers"]

    def port(self, wanted):
        """The number of a port that a Service names."""
        if isinstance(wanted, int):
            return wanted
        for container in self.spec["containers"]:
            for port in container.get("ports", []):
                if port.get("name") == wanted:
                    return port["containerPort"]
        return fail(f"{self.name} has no port {wanted}")


def find_pod(cluster, role):
    pods = [pod for pod in cluster.all("Pod")
            if pod["spec"]["containers"][0]["name"] == role]
    if not pods:
        fail(f"no pod has a container {role}")
    return min(pods, key=lambda pod: pod["metadata"]["name"])


# --- volumes -----------------------------------------------------------------

def write_files(pod, folder, found, source):
    """What of a ConfigMap or Secret the volume's source lets through."""
    items = source.get("items") or [{"key": k, "path": k} for k in found]
    for item in items:
        if item["key"] not in found:
            fail(f"{pod.name}: {folder.name} has no key {item['key']}")
        path = folder / item["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found[item["key"]])
        mode = item.get("mode", source.get("defaultMode", 0o644))
        group = pod.spec.get("securityContext", {}).get("fsGroup")
        if group is not None:
            os.chown(path, 0, group)
            mode |= 0o440
        path.chmod(mode)


def lay_out_volume(pod, volume):
    """The kind of the volume, whose folder is there afterwards."""
    folder = pod.folder / "volumes" / volume["name"]
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    if "configMap" in volume:
        source = volume["configMap"]
        found = pod.cluster.contents("ConfigMap", pod.namespace, source["name"])
        write_files(pod, folder, found, source)
        return "files"
    if "secret" in volume:
        source = volume["secret"]
        found = pod.cluster.contents(
            "Secret", pod.namespace, source["secretName"])
        write_files(pod, folder, found, source)
        return "files"
    if "emptyDir" in volume or "persistentVolumeClaim" in volume:
        folder.chmod(0o777)
        return "writable"
    if volume["name"].startswith("kube-api-access-"):
        return "token"
    return fail(f"{pod.name}: volume {volume['name']} is of another kind")


def mounts(pod, container):
    """[source, target, read only] of each mount."""
    for mount in container.get("volumeMounts", []):
        kind = pod.volumes[mount["name"]]
        source = pod.folder / "volumes" / mount["name"]
        if kind == "token":
            continue
        if mount.get("subPath"):
            source = source / mount["subPath"]
            if kind == "writable" and not source.exists():
                source.mkdir()
                source.chmod(0o777)
        if not source.exists():
            fail(f"{pod.name}: {mount['mountPath']} has nothing to mount")
        yield [str(source), mount["mountPath"],
               kind == "files" or mount.get("readOnly", False)]


# --- environment and command ---------------------------------------------------

def field(pod, path):
    fields = {"metadata.name": pod.name, "metadata.namespace": pod.namespace,
              "status.podIP": pod.address}
    return fields.get(path) or fail(f"{pod.name}: field {path} is not known")


def variable(pod, given):
    if "valueFrom" not in given:
        return given.get("value", "")
    source = given["valueFrom"]
    for kind, name in (("Secret", "secretKeyRef"),
                       ("ConfigMap", "configMapKeyRef")):
        if name in source:
            ref = source[name]
            found = pod.cluster.contents(kind, pod.namespace, ref["name"])
            if ref["key"] not in found:
                fail(f"{pod.name}: {kind} {ref['name']} has no {ref['key']}")
            return found[ref["key"]].decode()
    return field(pod, source.get("fieldRef", {}).get("fieldPath"))


def expand(text, env):
    """$(NAME) as Kubernetes does it; $$(NAME) is $(NAME)."""
    def value(found):
        if found[0].startswith("$$"):
            return found[0][1:]
        return env.get(found[1], found[0])
    return re.sub(r"\$?\$\(([-._a-zA-Z0-9]+)\)", value, text)


def environment(pod, container, image):
    if "envFrom" in container:
        fail(f"{pod.name}: envFrom is not known")
    env = dict(image.env, HOSTNAME=pod.name)
    for given in container.get("env", []):
        env[given["name"]] = expand(variable(pod, given), env)
    return env


def command(container, image, env):
    words = container.get("command") or image.entrypoint
    return [expand(word, env) for word in words + container.get("args", [])]


# --- containers ----------------------------------------------------------------

def user(pod, container, what):
    for context in (container, pod.spec):
        found = context.get("securityContext", {}).get(what)
        if found is not None:
            return found
    return fail(f"{pod.name}: {what} is left to the image")


def programs(pod, image):
    """Mounts of the image's programs, for all to run however we were cloned."""
    for path, file in image.programs.items():
        copy = pod.folder / file
        shutil.copyfile(HERE / "images" / file, copy)
        copy.chmod(0o755)
        yield [str(copy), path, True]


def lay_out_container(pod, container, engines):
    image = stand_in(container["image"])
    env = environment(pod, container, image)
    return {
        "image": [[f"{engines}/images/{image.name}{path}", path]
                  for path in image.folders],
        "mounts": [[str(pod.folder / "hosts"), "/etc/hosts", True],
                   *programs(pod, image), *mounts(pod, container)],
        "passwd": "".join(f"{name}:x:{number}:0::/tmp:/bin/sh\n"
                          for name, number in image.users.items()),
        "hostname": pod.name,
        "user": user(pod, container, "runAsUser"),
        "group": user(pod, container, "runAsGroup"),
        "env": env,
        "argv": command(container, image, env),
    }


def lay_out(pod, engines):
    pod.volumes = {volume["name"]: lay_out_volume(pod, volume)
                   for volume in pod.spec.get("volumes", [])}
    (pod.folder / "address").write_text(pod.address + "\n")
    for container in pod.containers():
        path = pod.folder / (container["name"] + ".json")
        path.write_text(json.dumps(lay_out_container(pod, container, engines)))


# --- names -----------------------------------------------------------------------

def selected(service, pods):
    """The pod that a Service leads to, None if it is none of ours."""
    wanted = service["spec"].get("selector")
    for pod in pods:
        labels = pod.item["metadata"].get("labels", {})
        if wanted and pod.namespace == service["metadata"]["namespace"] \
                and wanted.items() <= labels.items():
            return pod
    return None


def service_names(pods, services):
    """(namespace, name, address) of every Service that leads to a pod."""
    for service in services:
        pod = selected(service, pods)
        name = service["metadata"]["name"]
        if pod is None:
            continue
        for port in service["spec"].get("ports", []):
            if pod.port(port.get("targetPort", port["port"])) != port["port"]:
                fail(f"Service {name} has another port than its pod")
        yield pod.namespace, name, pod.address


def write_hosts(pod, names, others):
    lines = ["127.0.0.1 localhost", f"{pod.address} {pod.name}"]
    for namespace, name, address in names:
        full = f"{name}.{namespace}"
        short = f" {name}" if namespace == pod.namespace else ""
        lines.append(f"{address} {full}.svc.cluster.local {full}.svc {full}"
                     + short)
    lines += [f"{address} {host}" for host, address in others]
    (pod.folder / "hosts").write_text("\n".join(lines) + "\n")


def main():
    os.umask(0o022)  # the engines' users read this; DIR itself is not theirs
    folder, engines = (pathlib.Path(arg).resolve() for arg in sys.argv[1:3])
    others = [arg.split("=") for arg in sys.argv[3:]]
    cluster = Cluster(json.load(sys.stdin)["items"])
    pods = [Pod(cluster, role, index, folder)
            for index, role in enumerate(ROLES)]
    names = list(service_names(pods, cluster.all("Service")))
    for pod in pods:
        lay_out(pod, engines)
        write_hosts(pod, names, others)


main()

# SPDX-License-Identifier: Apache-2.0
"""The cluster as its administrator sees it: plain requests to the API server,
because kubectl takes fifty times as long; kubectl and helm where they are what
is asked about."""
import base64
import functools
import gzip
import http.client
import json
import ssl
import tempfile
import urllib.parse

from harness import DEV, environment, run, wait_until

CORE = "/api/v1"
APPS = "/apis/apps/v1"
# All that roaster and its charts can make in a namespace.
KINDS = {
    "pods": CORE, "services": CORE, "configmaps": CORE, "secrets": CORE,
    "persistentvolumeclaims": CORE, "serviceaccounts": CORE,
    "deployments": APPS, "statefulsets": APPS, "replicasets": APPS,
    "jobs": "/apis/batch/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2",
    "poddisruptionbudgets": "/apis/policy/v1",
    "networkpolicies": "/apis/networking.k8s.io/v1",
    "endpointslices": "/apis/discovery.k8s.io/v1",
    "roles": "/apis/rbac.authorization.k8s.io/v1",
    "rolebindings": "/apis/rbac.authorization.k8s.io/v1",
}


def tool(name, *args, stdin=None, status=0):
    """kubectl or helm as administrator: (standard output, standard error)."""
    env = environment()
    home = {"HOME": str(DEV / "kubectl"), "KUBECACHEDIR": str(DEV / "kubectl"),
            "KUBECONFIG": env["KUBECONFIG"]}
    return run(env[name], *args, stdin=stdin, env=home, status=status)


def kubectl(*args, **more):
    return tool("KUBECTL", *args, **more)


def helm(*args, **more):
    return tool("HELM", *args, **more)


@functools.lru_cache(maxsize=None)
def access(kubeconfig):
    """(host, port, TLS context, token) of the administrator."""
    config = json.loads(kubectl("config", "view", "--raw", "--minify",
                                "--flatten", "-o", "json")[0])
    cluster = config["clusters"][0]["cluster"]
    user = config["users"][0]["user"]
    server = urllib.parse.urlsplit(cluster["server"])
    ca = base64.b64decode(cluster["certificate-authority-data"]).decode()
    context = ssl.create_default_context(cadata=ca)
    if "client-certificate-data" in user:
        with tempfile.NamedTemporaryFile("wb") as pem:
            for key in ("client-certificate-data", "client-key-data"):
                pem.write(base64.b64decode(user[key]) + b"\n")
            pem.flush()
            context.load_cert_chain(pem.name)
    return server.hostname, server.port, context, user.get("token")


def call(method, path, body=None, query=None):
    """One request; the answer as JSON, None if it is 404."""
    text = read(method, path, body, query)
    return None if text is None else json.loads(text)


def read(method, path, body=None, query=None, status=(200, 201)):
    """One request; the answer as it is, None if it is 404."""
    host, port, context, token = access(environment()["KUBECONFIG"])
    connection = http.client.HTTPSConnection(host, port, timeout=20,
                                             context=context)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = ("application/merge-patch+json"
                                   if method == "PATCH" else
                                   "application/json")
    if query:
        path += "?" + urllib.parse.urlencode(query)
    try:
        connection.request(method, path, body and json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    if response.status == 404:
        return None
    assert response.status in status, (method, path, response.status, text)
    return text


def path_of(kind, namespace, name=""):
    base = f"{KINDS[kind]}/namespaces/{namespace}/{kind}"
    return f"{base}/{name}" if name else base


def get(kind, namespace, name):
    """The object, or None."""
    return call("GET", path_of(kind, namespace, name))


def items(kind, namespace, labels=None):
    selector = ",".join(f"{key}={value}"
                        for key, value in (labels or {}).items())
    return call("GET", path_of(kind, namespace),
                query={"labelSelector": selector})["items"]


def create(kind, namespace, body):
    return call("POST", path_of(kind, namespace), body)


def delete(kind, namespace, name):
    call("DELETE", path_of(kind, namespace, name))


def gone(kind, namespace, name):
    """Delete it and wait."""
    delete(kind, namespace, name)
    wait_until(lambda: get(kind, namespace, name) is None,
               what=f"end of {kind}/{name}")


def observed(kind, namespace, name):
    """Wait until its controller has seen it as it is."""
    def look():
        found = get(kind, namespace, name)
        return (found["status"].get("observedGeneration") ==
                found["metadata"]["generation"])
    wait_until(look, what=f"the controller of {kind}/{name}")


def secret(namespace, name):
    """What a Secret holds: {key: bytes}."""
    data = get("secrets", namespace, name)["data"]
    return {key: base64.b64decode(value) for key, value in data.items()}


def version(kind, namespace):
    """Of the list: changes after it are seen by ${changes}."""
    return call("GET", path_of(kind, namespace))["metadata"]["resourceVersion"]


def changes(kind, namespace, since, labels=None):
    """(type, object) of all that happened since that version, in order."""
    selector = ",".join(f"{key}={value}"
                        for key, value in (labels or {}).items())
    text = read("GET", path_of(kind, namespace), query={
        "watch": "1", "resourceVersion": since, "timeoutSeconds": "1",
        "labelSelector": selector})
    found = [json.loads(line) for line in text.splitlines()]
    return [(change["type"], change["object"]) for change in found]


def get_namespace(name):
    return call("GET", f"{CORE}/namespaces/{name}")


def create_namespace(name, **labels):
    return call("POST", f"{CORE}/namespaces", {
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": name, "labels": labels}})


def delete_namespace(name):
    call("DELETE", f"{CORE}/namespaces/{name}")


def inhabitants(namespace):
    """All objects in it, as kind/name, but what Kubernetes puts everywhere."""
    return sorted(versions(namespace))


def version_of(item):
    """Changes when the object does. Controllers write a status whenever they
    like, so that what has one is known by all the rest of it."""
    if "status" not in item:
        return item["metadata"]["resourceVersion"]
    head = {key: value for key, value in item["metadata"].items()
            if key not in ("resourceVersion", "managedFields")}
    return json.dumps({**item, "metadata": head, "status": None},
                      sort_keys=True)


def versions(namespace):
    """{kind/name: (uid, version)} of the same: equal while nobody touches
    them."""
    everywhere = {"configmaps/kube-root-ca.crt", "serviceaccounts/default"}
    found = {}
    for kind in KINDS:
        for item in items(kind, namespace):
            head = item["metadata"]
            found[f"{kind}/{head['name']}"] = head["uid"], version_of(item)
    return {name: value for name, value in found.items()
            if name not in everywhere}


# --- releases ----------------------------------------------------------------

def revisions(namespace, release):
    """Labels of the release's Secrets, the newest last."""
    secrets = items("secrets", namespace, {"owner": "helm", "name": release})
    labels = [secret["metadata"]["labels"] for secret in secrets]
    return sorted(labels, key=lambda label: int(label["version"]))


def deployed(namespace, release):
    """Numbers of the revisions that helm calls deployed."""
    return [int(label["version"]) for label in revisions(namespace, release)
            if label["status"] == "deployed"]


def unpack(secret):
    """What helm keeps in a release's Secret: JSON as text."""
    packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
    return gzip.decompress(packed)


def release(namespace, name, revision):
    return json.loads(unpack(get(
        "secrets", namespace, f"sh.helm.release.v1.{name}.v{revision}")))


def release_texts(namespace):
    """All of them by the Secrets' names."""
    return {secret["metadata"]["name"]: unpack(secret) for secret in
            items("secrets", namespace, {"owner": "helm"})}


# --- pods --------------------------------------------------------------------

def pods(namespace, labels):
    """Pods with these labels that are not ending."""
    return [pod for pod in items("pods", namespace, labels)
            if "deletionTimestamp" not in pod["metadata"]]


def is_ready(pod):
    return any(condition["type"] == "Ready" and condition["status"] == "True"
               for condition in pod.get("status", {}).get("conditions", []))


def mounted(pod):
    """The bytes that each file mount of the pod's container shows, by path:
    its subPath is resolved through the volume to the key it names."""
    namespace = pod["metadata"]["namespace"]
    volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
    files = {}
    for mount in pod["spec"]["containers"][0]["volumeMounts"]:
        if "subPath" not in mount:
            continue
        volume = volumes[mount["name"]]
        assert mount["mountPath"] not in files, mount
        files[mount["mountPath"]] = volume_bytes(namespace, volume,
                                                 mount["subPath"])
    return files


def volume_bytes(namespace, volume, path):
    """What a ConfigMap or Secret volume holds at ${path}."""
    source = volume.get("configMap") or volume["secret"]
    key = path
    if source.get("items"):
        keys = [item["key"] for item in source["items"]
                if item["path"] == path]
        assert len(keys) == 1, (path, source)
        key = keys[0]
    if "configMap" in volume:
        data = get("configmaps", namespace, source["name"])
        if key in data.get("binaryData", {}):
            return base64.b64decode(data["binaryData"][key])
        return data["data"][key].encode()
    return secret(namespace, source["secretName"])[key]


def ready_addresses(namespace, service):
    """Addresses that the Service sends to now."""
    found = []
    for part in items("endpointslices", namespace,
                      {"kubernetes.io/service-name": service}):
        found += endpoint_addresses(part)
    return found


def endpoint_addresses(part):
    return [address for endpoint in part["endpoints"] or []
            if endpoint["conditions"]["ready"]
            for address in endpoint["addresses"]]

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""probes.py PROBE ARGUMENT...: one question to one engine, as its clients ask.

The answer is a line on standard output; what is wrong is the last line on
standard error, and exit status 1.
"""
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request

POLL_S = 0.25
ANSWER_S = 150  # clients that wait for ever are not left alone


def is_alive(pid):
    """Not ended; a process whose parent has not asked yet is a zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait(pid, seconds, is_up):
    """Until is_up() or the process has ended."""
    end = time.monotonic() + float(seconds)
    while not is_up():
        if not is_alive(pid):
            raise SystemExit("it has ended")
        if time.monotonic() > end:
            raise SystemExit(f"it is not up after {seconds} s")
        time.sleep(POLL_S)


def port(address, number, pid, seconds):
    """A connection can be made."""
    def is_up():
        try:
            socket.create_connection((address, int(number)), 5).close()
            return True
        except OSError:
            return False
    wait(pid, seconds, is_up)
    return f"port {number}"


def trino_up(address, pid, seconds):
    """GET /v1/info says that it has started."""
    def is_up():
        try:
            with urllib.request.urlopen(f"http://{address}:8080/v1/info",
                                        timeout=5) as answer:
                return not json.load(answer)["starting"]
        except (OSError, ValueError):
            return False
    wait(pid, seconds, is_up)
    return "/v1/info"


# --- S3 ----------------------------------------------------------------------

def s3(address):
    import boto3
    return boto3.client("s3", endpoint_url=f"http://{address}",
                        region_name="us-east-1",
                        aws_access_key_id=os.environ["ACCESS_KEY"],
                        aws_secret_access_key=os.environ["SECRET_KEY"])


def s3_fill(address, file, path, *buckets):
    """Make the buckets, and put a file at BUCKET/KEY."""
    client = s3(address)
    for bucket in buckets:
        client.create_bucket(Bucket=bucket)
    bucket, _, key = path.partition("/")
    client.upload_file(file, bucket, key)
    return f"{len(buckets)} buckets"


def s3_count(address, bucket, prefix):
    """There are objects below a prefix."""
    found = s3(address).list_objects_v2(Bucket=bucket, Prefix=prefix)
    if not found["KeyCount"]:
        raise SystemExit(f"nothing is in s3://{bucket}/{prefix}")
    return f"{found['KeyCount']} objects"


# --- engines -------------------------------------------------------------------

def metastore(address, bucket):
    """A database without a location lies where metastore-site.xml says."""
    from hmsclient import hmsclient
    from hmsclient.genthrift.hive_metastore.ttypes import Database
    with hmsclient.HMSClient(host=address, port=9083) as client:
        client.create_database(Database(name="probe", description="",
                                        locationUri=None, parameters={}))
        location = client.get_database("probe").locationUri
    if not location.startswith(f"s3a://{bucket}/"):
        raise SystemExit(f"the database lies at {location}")
    return location


def spark(address, *statements):
    """Run SQL over the Thrift port; the rows of the last statement."""
    from pyhive import hive
    cursor = hive.connect(host=address, port=10016, auth="NONE",
                          username="probe").cursor()
    for statement in statements:
        cursor.execute(statement)
    return json.dumps(cursor.fetchall())


def request(url, data=None):
    headers = {"X-Trino-User": "probe"}
    with urllib.request.urlopen(
            urllib.request.Request(url, data, headers), timeout=30) as answer:
        return json.load(answer)


def trino(address, statement):
    """Run SQL; its rows."""
    rows = []
    answer = request(f"http://{address}:8080/v1/statement", statement.encode())
    while True:
        rows += answer.get("data", [])
        if "error" in answer:
            error = answer["error"]
            raise SystemExit(f"{error.get('errorName')}: {error.get('message')}")
        if "nextUri" not in answer:
            return json.dumps(rows)
        answer = request(answer["nextUri"])


def give_up(_signal, _frame):
    raise SystemExit(f"no answer after {ANSWER_S} s")


def main():
    name, *arguments = sys.argv[1:]
    if PROBES[name] not in (port, trino_up):
        signal.signal(signal.SIGALRM, give_up)
        signal.alarm(ANSWER_S)
    print(PROBES[name](*arguments))


PROBES = {probe.__name__: probe for probe in (
    port, trino_up, s3_fill, s3_count, metastore, spark, trino)}
main()

"""boto3, doing the work that tests/bench/workload describes."""

import json
import sys
import threading
import time

import boto3
from botocore.config import Config

SESSION = boto3.Session(
    aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret", region_name="us-east-1"
)


def client(url, connections=10):
    config = Config(max_pool_connections=connections)
    return SESSION.client("sagemaker-runtime", endpoint_url=url, config=config)


def calls(work, made, length):
    """Calls, so many at a time. Returns how many there were."""
    payload = b"x" * work["bytes"]
    endpoint = f"bytes-{work['bytes']}"
    failures = []
    done = []

    def one():
        output = made.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body=bytes(bytearray(payload)))
        read = len(output["Body"].read())
        if read != work["bytes"]:
            raise ValueError(f"a response of {read} bytes")

    def task(goes_on):
        try:
            count = 0
            while goes_on(count):
                one()
                count += 1
            done.append(count)
        except Exception as error:
            failures.append(error)

    threads = []
    for at in range(work["in_flight"]):
        threads.append(threading.Thread(target=task, args=(until(length, at, work["in_flight"]),)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(done)


def until(length, task=0, tasks=1):
    """Whether a task goes on after so many calls."""
    if "calls" in length:
        share = length["calls"] // tasks + (task < length["calls"] % tasks)
        return lambda count: count < share
    end = time.monotonic() + length["milliseconds"] / 1000
    return lambda count: time.monotonic() < end


def events(work, made, length):
    goes_on = until(length)
    count = 0
    while goes_on(count):
        output = made.invoke_endpoint_with_response_stream(
            EndpointName=f"events-{work['event']}-{work['bytes']}", ContentType="text/plain", Body=b"Hello"
        )
        read = sum(len(event["PayloadPart"]["Bytes"]) for event in output["Body"])
        if read != work["bytes"]:
            raise ValueError(f"events of {read} bytes")
        count += 1
    return count


def stream(work, made):
    output = made.invoke_endpoint(EndpointName=f"bytes-{work['bytes']}", ContentType="text/csv", Body=b"1,2,3")
    read = sum(len(piece) for piece in output["Body"].iter_chunks(64 * 1024))
    if read != work["bytes"]:
        raise ValueError(f"a response of {read} bytes")


def measured(function):
    cpu, wall = time.process_time(), time.monotonic()
    count = function()
    return {"calls": count, "cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}


def main():
    work = json.loads(sys.argv[1])
    kind = work["work"]
    report = {}
    if kind == "calls":
        made = client(work["url"], work["in_flight"])
        calls(work, made, work["warm_up"])
        report = measured(lambda: calls(work, made, work["measured"]))
    elif kind == "events":
        made = client(work["url"])
        events(work, made, work["warm_up"])
        report = measured(lambda: events(work, made, work["measured"]))
    elif kind == "stream":
        stream(work, client(work["url"]))
    elif kind == "create":
        times = []
        for _ in range(work["times"]):
            started = time.monotonic()
            client(work["url"])
            times.append(time.monotonic() - started)
        report = {"times": times}
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM:"))
    report["peak_memory"] = int(peak.split()[1]) * 1024
    print(json.dumps(report), flush=True)


main()

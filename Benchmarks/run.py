"""Measures Baton against its two ceilings, the bare listener and the bare store, and against its peers, in one run.

    make bench                       everything, as docs/performance.md has it
    Benchmarks/run.py --seconds 2 --only send,put

Needs wrk (Debian: wrk). Absolute figures are those of the machine at that moment; the ratios are what counts.
"""

import argparse
import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
import botocore.config

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BATON = os.environ.get("BATON", str(ROOT / ".build/release/baton"))
CONNECTIONS = [1, 32, 256]
MESSAGE = "x" * 100


def authorization(service):
    return f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"


class Server:
    """A process under test, with the processor time that it takes."""

    def __init__(self, command, port, ready=None, environment=None):
        self.port = port
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        self.line = None
        if ready is None:
            select.select([self.process.stdout], [], [], 60)
            self.line = self.process.stdout.readline().decode()
        else:
            wait_for(port, ready)

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read()).group(1)) / 1024

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.endpoint, aws_access_key_id="test", aws_secret_access_key="test",
            region_name="us-east-1", config=botocore.config.Config(retries={"max_attempts": 0}, read_timeout=120),
        )

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)


def wait_for(port, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        select.select([], [], [], 0.2)
    raise SystemExit(f"nothing listens on port {port} after {seconds} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def baton(folder, port):
    return Server([BATON, "serve", "--data", str(folder), "--port", str(port), "--json", "--log-level", "error"], port)


def load(server, script, connections, seconds, **environment):
    """One run of the generator → requests answered with success a second, latencies (ms), processor microseconds a request."""
    before = server.cpu()
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(HERE / "load" / script), server.endpoint],
        env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    ).stdout
    result = json.loads(output.strip().splitlines()[-1])
    used = server.cpu() - before
    return {
        "rate": (result["requests"] - result["errors"]) / result["seconds"], "p50": result["p50"], "p99": result["p99"],
        "errors": result["errors"], "cpu": used / max(1, result["requests"]) * 1e6,
    }


def request(target="/", body="", method="POST", **headers):
    return {"METHOD": method, "TARGET": target, "BODY": body, "HEADERS": "\n".join(f"{k}={v}" for k, v in headers.items())}


def json_call(service, target, body):
    version = {"sqs": "1.0", "dynamodb": "1.0"}[service]
    return request("/", json.dumps(body), **{
        "X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{version}", "Authorization": authorization(service),
    })


def prepare_messages(server):
    """Makes queues and a topic → the requests of SQS and SNS by name."""
    sqs, sns = server.client("sqs"), server.client("sns")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ["send", "cycle", "publish"]}
    topic = sns.create_topic(Name="publish")["TopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=urls["publish"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    return {
        "send": ("request.lua", json_call("sqs", "AmazonSQS.SendMessage", {"QueueUrl": urls["send"], "MessageBody": MESSAGE})),
        "cycle": ("cycle.lua", {"QUEUE": urls["cycle"], "MESSAGE": MESSAGE, "AUTHORIZATION": authorization("sqs")}),
        "publish": ("request.lua", request("/", f"Action=Publish&Version=2010-03-31&TopicArn={topic.replace(':', '%3A')}&Message={MESSAGE}", **{
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Authorization": authorization("sns"),
        })),
    }


def prepare_table(server):
    """Makes a table with an item → the requests of DynamoDB by name."""
    dynamodb = server.client("dynamodb")
    dynamodb.create_table(
        TableName="items", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    dynamodb.get_waiter("table_exists").wait(TableName="items")
    dynamodb.put_item(TableName="items", Item={"id": {"S": "one"}, "body": {"S": MESSAGE}})
    return {
        "put": ("request.lua", json_call("dynamodb", "DynamoDB_20120810.PutItem", {"TableName": "items", "Item": {"id": {"S": "k@@"}, "body": {"S": MESSAGE}}})),
        "get": ("request.lua", json_call("dynamodb", "DynamoDB_20120810.GetItem", {"TableName": "items", "Key": {"id": {"S": "one"}}})),
    }


# A do-nothing function that speaks the Runtime API over one connection, so that what is measured is Baton.
NOTHING = """#!/usr/bin/env python3
import os, socket
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
link = socket.create_connection((host, int(port)))
link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
data = b""
def read():
    global data
    while b"\\r\\n\\r\\n" not in data:
        data += link.recv(65536)
    head, data = data.split(b"\\r\\n\\r\\n", 1)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\\r\\n")[1:] if b": " in line)
    length = int(fields.get(b"content-length", b"0"))
    while len(data) < length:
        data += link.recv(65536)
    data = data[length:]
    return fields
base = b"/2018-06-01/runtime/invocation/"
while True:
    link.sendall(b"GET " + base + b"next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    id = read()[b"lambda-runtime-aws-request-id"]
    link.sendall(b"POST " + base + id + b"/response HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\n{}")
    read()
"""


def prepare_function(server):
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, NOTHING)
    client = server.client("lambda")
    client.create_function(
        FunctionName="nothing", Runtime="provided.al2023", Handler="any", Code={"ZipFile": buffer.getvalue()},
        Role="arn:aws:iam::000000000000:role/any",
    )
    client.get_waiter("function_active_v2").wait(FunctionName="nothing")
    client.invoke(FunctionName="nothing")
    return ("request.lua", request("/2015-03-31/functions/nothing/invocations", "{}", Authorization=authorization("lambda")))


def measure(server, requests, connections, seconds, only):
    found = {}
    for name, (script, environment) in requests.items():
        if only and name not in only:
            continue
        for count in connections:
            load(server, script, count, 1, **environment)
            found[f"{name}/{count}"] = load(server, script, count, seconds, **environment)
            show(f"{name}/{count}", found[f"{name}/{count}"])
    return found


def show(name, figures):
    print(
        f"  {name:<14} {figures['rate']:>10,.0f}/s   p50 {figures['p50']:>8.2f} ms   p99 {figures['p99']:>8.2f} ms"
        f"   cpu {figures['cpu']:>7.1f} µs" + (f"   {figures['errors']} errors" if figures["errors"] else ""), flush=True)


def ceilings(seconds, connections):
    found = {}
    port = free_port()
    echo = Server([BATON, "bench-echo", "--port", str(port)], port)
    body = json.dumps({"QueueUrl": "http://127.0.0.1:4566/000000000000/send", "MessageBody": MESSAGE})
    for count in connections:
        load(echo, "request.lua", count, 1, **request("/", body))
        found[f"echo/{count}"] = load(echo, "request.lua", count, seconds, **request("/", body))
        show(f"echo/{count}", found[f"echo/{count}"])
    echo.stop()
    for count in connections:
        output = subprocess.run([BATON, "bench-store", "--callers", str(count), "--seconds", str(seconds)], capture_output=True, text=True, check=True)
        rate = json.loads(output.stdout)["closuresPerSecond"]
        found[f"store/{count}"] = {"rate": rate, "p50": 0, "p99": 0, "cpu": 0, "errors": 0}
        print(f"  store/{count:<8} {rate:>10,.0f}/s", flush=True)
    return found


def ready_times(runs=10):
    times, resident = [], 0
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            server = baton(Path(folder) / "data", free_port())
            times.append(json.loads(server.line)["readyMs"])
            resident = server.resident()
            server.stop()
    return {"readyMs": sorted(times)[runs // 2], "readyMaxMs": max(times), "residentMB": round(resident, 1)}


def ready_with_rows(messages=1_000_000, items=100_000):
    """Fills a folder through the API and starts again on it."""
    with tempfile.TemporaryDirectory() as folder:
        server = baton(Path(folder) / "data", port := free_port())
        requests = prepare_messages(server) | prepare_table(server)
        entries = [{"Id": str(index), "MessageBody": MESSAGE} for index in range(10)]
        url = server.client("sqs").get_queue_url(QueueName="send")["QueueUrl"]
        batch = json_call("sqs", "AmazonSQS.SendMessageBatch", {"QueueUrl": url, "Entries": entries})
        stored = 0
        while stored < messages:
            figures = load(server, "request.lua", 32, 5, **batch)
            stored += int(figures["rate"] * 5) * 10
        count = 0
        while count < items:
            count += int(load(server, "request.lua", 32, 5, **requests["put"][1])["rate"] * 5)
        server.stop()
        server = baton(Path(folder) / "data", port)
        result = {"readyMs": json.loads(server.line)["readyMs"], "messages": stored, "items": count, "residentMB": round(server.resident(), 1)}
        result["receiveMs"] = time_of(lambda: server.client("sqs").receive_message(QueueUrl=url))
        server.stop()
        return result


def time_of(call):
    start = time.monotonic()
    call()
    return round((time.monotonic() - start) * 1000, 1)


def held_connections(idle=10_000, polls=2_000):
    """Holds idle connections and open long polls at once, then ends the polls with a message each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        server = baton(Path(folder) / "data", free_port())
        url = server.client("sqs").create_queue(QueueName="polls")["QueueUrl"]
        body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}).encode()
        poll = (
            b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
            b"Content-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n" % len(body)
        ) + body
        health = b"GET /_baton/health HTTP/1.1\r\nHost: x\r\n\r\n"
        open_idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(idle)]
        for link in open_idle:
            link.sendall(health)
        answered = sum(link.recv(4096).startswith(b"HTTP/1.1 200") for link in open_idle)
        waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(polls)]
        for link in waiting:
            link.sendall(poll)
        resident = server.resident()
        sqs = server.client("sqs")
        for start in range(0, polls, 10):
            sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(10)])
        for link in waiting:
            link.settimeout(30)
        received = sum(b"ReceiptHandle" in link.recv(8192) for link in waiting)
        for link in open_idle:
            link.sendall(health)
        alive = sum(link.recv(4096).startswith(b"HTTP/1.1 200") for link in open_idle)
        for link in [*open_idle, *waiting]:
            link.close()
        server.stop()
        return {"idle": answered, "idleAfter": alive, "polls": received, "residentMB": round(resident, 1)}


def batch_jobs(array=10_000, chain=100, diamonds=(100, 1_000, 10_000)):
    """Batch jobs of `true`: an array, the way from one end to the next start, submissions, diamonds of growing size."""
    import http.client
    import threading

    with tempfile.TemporaryDirectory() as folder:
        server = baton(Path(folder) / "data", free_port())
        batch = server.client("batch")
        batch.create_compute_environment(computeEnvironmentName="ce", type="UNMANAGED")
        batch.create_job_queue(
            jobQueueName="q", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "ce"}])
        for name, vcpu, command in [("true", "0.25", ["true"]), ("hold", "1000", ["sleep", "600"])]:
            batch.register_job_definition(
                jobDefinitionName=name, type="container", containerProperties={
                    "image": "host", "command": command,
                    "resourceRequirements": [{"type": "VCPU", "value": vcpu}, {"type": "MEMORY", "value": "16"}]})

        def submit(definition="true", **more):
            return batch.submit_job(jobName="x", jobQueue="q", jobDefinition=definition, **more)["jobId"]

        def end(job):
            while batch.describe_jobs(jobs=[job])["jobs"][0]["status"] not in ("SUCCEEDED", "FAILED"):
                select.select([], [], [], 0.05)

        def many(count, body):
            """Submits over 16 connections → the ids."""
            ids, headers = [], {"Authorization": authorization("batch"), "Content-Type": "application/json"}

            def work(share):
                line = http.client.HTTPConnection("127.0.0.1", server.port)
                for _ in range(share):
                    line.request("POST", "/v1/submitjob", body, headers)
                    ids.append(json.loads(line.getresponse().read())["jobId"])

            threads = [threading.Thread(target=work, args=(count // 16,)) for _ in range(16)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            return ids

        found, before, start = {}, server.cpu(), time.monotonic()
        end(submit(arrayProperties={"size": array}))
        found["arrayPerSecond"] = round(array / (time.monotonic() - start))
        found["cpuMsPerJob"] = round((server.cpu() - before) / array * 1000, 2)
        found["residentMB"] = round(server.resident(), 1)
        ids = [submit()]
        for _ in range(chain):
            ids.append(submit(dependsOn=[{"jobId": ids[-1]}]))
        end(ids[-1])
        jobs = {}
        for at in range(0, len(ids), 100):
            jobs |= {job["jobId"]: job for job in batch.describe_jobs(jobs=ids[at:at + 100])["jobs"]}
        gaps = sorted(jobs[after]["startedAt"] - jobs[first]["stoppedAt"] for first, after in zip(ids, ids[1:]))
        found["endToStartMs"] = gaps[len(gaps) // 2]
        for count in diamonds:
            # One job, then many beside each other that wait for it, then one that waits for the last twenty.
            source, begin, used = submit("true"), time.monotonic(), server.cpu()
            body = json.dumps({"jobName": "x", "jobQueue": "q", "jobDefinition": "true", "dependsOn": [{"jobId": source}]})
            middle = many(count, body)
            end(submit(dependsOn=[{"jobId": job} for job in middle[-20:]]))
            found[f"diamond{count}MsPerJob"] = round((time.monotonic() - begin) / count * 1000, 2)
            found[f"diamond{count}CpuMsPerJob"] = round((server.cpu() - used) / count * 1000, 2)
        hold = submit("hold")
        start = time.monotonic()
        many(4_800, json.dumps({"jobName": "x", "jobQueue": "q", "jobDefinition": "true"}))
        found["submitPerSecond"] = round(4_800 / (time.monotonic() - start))
        batch.terminate_job(jobId=hold, reason="done")
        end(hold)
        server.stop()
        return found


def peer(name):
    """A server of another maker, ready → None when it is not installed or does not start."""
    port = free_port()
    if name == "moto":
        command, environment = [shutil.which("moto_server"), "-p", str(port)], {}
    else:
        command = [os.environ.get("LOCALSTACK_PYTHON"), "-m", "localstack.runtime.main"]
        environment = {"GATEWAY_LISTEN": f"127.0.0.1:{port}", "SKIP_SSL_CERT_DOWNLOAD": "1", "DISABLE_EVENTS": "1", "EAGER_SERVICE_LOADING": "0"}
    if not command[0] or not Path(command[0]).exists():
        print(f"  {name} is not installed here")
        return None
    try:
        return Server(command, port, ready=90, environment=environment)
    except SystemExit as error:
        print(f"  {name}: {error}")
        return None


def peers(seconds, only):
    found = {}
    for name in ["moto", "localstack"]:
        print(name)
        if not (server := peer(name)):
            continue
        found[name] = {}
        for prepare in [prepare_messages, prepare_table]:
            try:
                found[name] |= measure(server, prepare(server), [32], seconds, only)
            except Exception as error:  # a peer that cannot do something is reported, not hidden
                print(f"  {prepare.__name__}: {type(error).__name__}: {str(error)[:300]}")
        server.stop()
    return found


def ratios(found):
    """The figures that docs/performance.md promises → (what, value, target, reached)."""
    rate = lambda name: found[name]["rate"]
    cpu = lambda name: found[name]["cpu"]
    wanted = [
        ("SendMessage ÷ bare store, 32 connections", lambda: rate("send/32") / rate("store/32"), 0.60),
        ("SendMessage ÷ echo, 32 connections", lambda: rate("send/32") / rate("echo/32"), 0.25),
        ("SendMessage ÷ echo, 256 connections", lambda: rate("send/256") / rate("echo/256"), 0.40),
        ("processor time of SendMessage ÷ echo, 256 connections (at most)", lambda: cpu("send/256") / cpu("echo/256"), -3.0),
        ("PutItem ÷ SendMessage, 32 connections", lambda: rate("put/32") / rate("send/32"), 0.75),
        ("GetItem ÷ echo, 32 connections", lambda: rate("get/32") / rate("echo/32"), 0.50),
        ("send+receive+delete cycles ÷ SendMessage, 32 connections", lambda: rate("cycle/32") / 3 / rate("send/32"), 0.30),
        ("Publish to one queue ÷ SendMessage, 32 connections", lambda: rate("publish/32") / rate("send/32"), 0.70),
        ("warm Invoke, median ms, 1 connection (at most)", lambda: found["invoke/1"]["p50"], -1.0),
        ("batch jobs of `true` in an array of 10,000, a second", lambda: found["batch"]["arrayPerSecond"], 500),
        ("batch jobs submitted a second", lambda: found["batch"]["submitPerSecond"], 1000),
        ("from the end of a batch job to the start of the next, median ms (at most)", lambda: found["batch"]["endToStartMs"], -20),
        ("cost of a job in a diamond of 10,000 ÷ of 1,000 (at most)", lambda: found["batch"]["diamond10000CpuMsPerJob"] / found["batch"]["diamond1000CpuMsPerJob"], -1.5),
    ]
    for peer, times in [("moto", 100), ("localstack", 50)]:
        for name in ["send", "cycle", "publish", "put", "get"]:
            wanted.append((f"{name} ÷ {peer}'s, 32 connections", lambda p=peer, n=name: rate(f"{n}/32") / found["peers"][p][f"{n}/32"]["rate"], times))
    rows = []
    for what, value, target in wanted:
        try:
            number = value()
        except KeyError:
            continue
        rows.append((what, number, abs(target), number <= -target if target < 0 else number >= target))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5, help="length of each run (default 5)")
    parser.add_argument("--rounds", type=int, default=3, help="how often Baton and its ceilings are measured in turn; medians count (default 3)")
    parser.add_argument("--only", default="", help="operations, separated by commas: send,cycle,publish,put,get,invoke,batch")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-limits", action="store_true", help="leave out start-up, filled folders and held connections")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: apt-get install wrk")
    only = set(filter(None, options.only.split(",")))

    rounds = []
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}: ceilings")
        rounds.append(ceilings(options.seconds, CONNECTIONS))
        print(f"round {number + 1} of {options.rounds}: baton")
        with tempfile.TemporaryDirectory() as folder:
            server = baton(Path(folder) / "data", free_port())
            requests = prepare_messages(server) | prepare_table(server)
            if not only or "invoke" in only:
                requests["invoke"] = prepare_function(server)
            rounds[-1] |= measure(server, requests, CONNECTIONS, options.seconds, only)
            server.stop()
    found = {name: {what: statistics.median(each[name][what] for each in rounds) for what in figures} for name, figures in rounds[0].items()}
    if options.rounds > 1:
        print("medians")
        for name, figures in found.items():
            show(name, figures)
    if not only or "batch" in only:
        found["batch"] = batch_jobs()
        print("batch", found["batch"])
    if not options.no_peers:
        found["peers"] = peers(min(options.seconds, 5), only)
    if not options.no_limits:
        found["start"] = ready_times()
        print("start", found["start"])
        found["held"] = held_connections()
        print("held", found["held"])
        found["filled"] = ready_with_rows()
        print("filled", found["filled"])
    print("\n| what | measured | target | |\n| --- | --- | --- | --- |")
    for what, value, target, reached in ratios(found):
        print(f"| {what} | {value:.2f} | {target:g} | {'✓' if reached else '✗'} |")
    target = ROOT / ".build/bench.json"
    target.write_text(json.dumps(found, indent=1))
    print(f"\nAll figures: {target}")


if __name__ == "__main__":
    main()

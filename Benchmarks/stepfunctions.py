"""Measures Step Functions against a durable SendMessage and against moto, in one run.

    Benchmarks/stepfunctions.py --seconds 5 [--only chain,sync,tasks,parallel,map,waiting,latency] [--no-peers]

Needs wrk (Debian: wrk). Part of `make bench`.
"""

import argparse
import concurrent.futures
import json
import statistics
import tempfile
import threading
import time
import urllib.request
import uuid
from pathlib import Path

from run import ROOT, authorization, baton, free_port, json_call, load, peer, request

ROLE = "arn:aws:iam::000000000000:role/any"


def chain(length, prefix="S"):
    states = {f"{prefix}{n}": {"Type": "Pass", "Next": f"{prefix}{n + 1}"} for n in range(1, length)}
    states[f"{prefix}{length}"] = {"Type": "Pass", "End": True}
    return {"StartAt": f"{prefix}1", "States": states}


def tasks(queue):
    def put(n):
        return {"Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "items", "Item": {"id": {"S.$": f"States.Format('{{}}-{n}', $$.Execution.Name)"}}}}

    def send(n):
        return {"Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": queue, "MessageBody.$": "$$.Execution.Name"}}

    states = {f"T{n}": {"Type": "Task", "ResultPath": None, "Next": f"T{n + 1}", **(put(n) if n % 2 else send(n))} for n in range(1, 6)}
    del states["T5"]["Next"]
    states["T5"]["End"] = True
    return {"StartAt": "T1", "States": states}


def parallel(branches, length):
    return {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": True, "Branches": [chain(length, f"B{n}S") for n in range(branches)]}}}


def mapping():
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "End": True, "ItemProcessor": {"StartAt": "S", "States": {"S": {"Type": "Pass", "End": True}}}}}}


WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86400, "End": True}}}


class Machines:
    """State machines on a server, and what the load generator sends to start them."""

    def __init__(self, server, tables=True):
        self.server = server
        self.client = server.client("stepfunctions")
        self.queue = server.client("sqs").create_queue(QueueName="bench")["QueueUrl"]
        if not tables:
            return
        server.client("dynamodb").create_table(
            TableName="items", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])

    def create(self, name, definition, kind="STANDARD"):
        return self.client.create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=ROLE, type=kind)["stateMachineArn"]

    def start(self, arn, operation="StartExecution", data="{}"):
        name = f"{uuid.uuid4().hex[:8]}-@@"
        return request("/", json.dumps({"stateMachineArn": arn, "name": name, "input": data}), **{
            "X-Amz-Target": f"AWSStepFunctions.{operation}", "Content-Type": "application/x-amz-json-1.0",
            "Authorization": authorization("states")})

    def running(self, arn):
        return self.client.list_executions(stateMachineArn=arn, statusFilter="RUNNING", maxResults=1)["executions"]

    def rate(self, arn, seconds, connections=32):
        """Executions a second, from the first start to the last end."""
        start = time.monotonic()
        figures = load(self.server, "request.lua", connections, seconds, **self.start(arn))
        begun = figures["rate"] * seconds
        while self.running(arn):
            time.sleep(0.02)
        return {**figures, "rate": begun / max(seconds, time.monotonic() - start)}

    def send(self, sent):
        headers = dict(line.split("=", 1) for line in sent["HEADERS"].splitlines())
        with urllib.request.urlopen(urllib.request.Request(self.server.endpoint, sent["BODY"].encode(), headers)) as answer:
            return answer.read()

    def sync(self, arn, data):
        """One Express execution → seconds. The history of a Standard one would not hold 10,000 items."""
        sent = self.start(arn, "StartSyncExecution", data)
        start = time.monotonic()
        found = json.loads(self.send(sent))
        assert found["status"] == "SUCCEEDED", found
        return time.monotonic() - start


def measure(machines, seconds, only):
    found = {}

    def wanted(name):
        return not only or name in only

    def show(name, text):
        print(f"  {name:<28} {text}", flush=True)

    send = load(machines.server, "request.lua", 32, seconds, **json_call(
        "sqs", "AmazonSQS.SendMessage", {"QueueUrl": machines.queue, "MessageBody": "x" * 100}))
    found["send"] = send["rate"]
    show("SendMessage", f"{send['rate']:,.0f}/s")
    if wanted("chain"):
        arn = machines.create("chain", chain(10))
        machines.rate(arn, 1)
        figures = machines.rate(arn, seconds)
        found["chain"] = figures["rate"]
        show("ten Pass states", f"{figures['rate']:,.0f} executions/s, {figures['rate'] * 10:,.0f} transitions/s, cpu {figures['cpu']:.0f} µs each")
    if wanted("sync"):
        arn = machines.create("sync", chain(10), "EXPRESS")
        figures = load(machines.server, "request.lua", 32, seconds, **machines.start(arn, "StartSyncExecution"))
        found["sync"] = figures["rate"]
        show("Express, synchronous", f"{figures['rate']:,.0f} executions/s, p50 {figures['p50']:.2f} ms")
    if wanted("tasks"):
        arn = machines.create("tasks", tasks(machines.queue))
        machines.rate(arn, 1)
        found["tasks"] = machines.rate(arn, seconds)["rate"]
        show("five SQS and DynamoDB tasks", f"{found['tasks']:,.0f} executions/s")
    if wanted("parallel"):
        found["parallel"] = {}
        for branches in (1, 10, 40):
            arn = machines.create(f"parallel{branches}", parallel(branches, 10))
            rate = machines.rate(arn, max(1, seconds // 2))["rate"]
            found["parallel"][branches] = 1e6 / rate / branches
            show(f"{branches} branches of ten", f"{rate:,.0f} executions/s, {1e6 / rate / branches:.0f} µs a branch")
    if wanted("map"):
        found["map"] = {}
        arn = machines.create("map", mapping(), "EXPRESS")
        for count in (1_000, 10_000):
            taken = min(machines.sync(arn, json.dumps(list(range(count)))) for _ in range(5))
            found["map"][count] = taken
            show(f"inline Map of {count:,}", f"{taken * 1000:,.0f} ms, {taken / count * 1e6:.0f} µs an item")
    return found


def waiting(count):
    """Executions that wait for a day: what they hold, what they cost others, how long a restart takes."""
    with tempfile.TemporaryDirectory() as folder:
        server = baton(Path(folder) / "data", port := free_port())
        machines = Machines(server)
        pause, pass_chain = machines.create("wait", WAIT), machines.create("chain", chain(10))
        before = machines.rate(pass_chain, 2)["rate"]
        begun = 0
        while begun < count:
            begun += int(load(server, "request.lua", 32, 5, **machines.start(pause))["rate"] * 5)
        after = machines.rate(pass_chain, 2)["rate"]
        resident = server.resident()
        server.stop()
        server = baton(Path(folder) / "data", port)
        ready = json.loads(server.line)["readyMs"]
        again = server.resident()
        server.stop()
        return {"waiting": begun, "residentMB": round(resident), "rateBefore": before, "rateAfter": after, "readyMs": ready, "residentAfterRestartMB": round(again)}


def latency(server, rounds=200):
    """From the answer of StartExecution to the effect of its first task, less what a bare SendMessage takes to the same
    reader: milliseconds at the median."""
    machines = Machines(server)
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "End": True, "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": machines.queue, "MessageBody": "x"}}}}
    arn = machines.create("latency", definition)
    sqs, reader = server.client("sqs"), server.client("sqs")

    def times(send):
        found = []
        for _ in range(rounds):
            came = []

            def read():
                answer = reader.receive_message(QueueUrl=machines.queue, WaitTimeSeconds=20)
                came.append(time.monotonic())
                reader.delete_message(QueueUrl=machines.queue, ReceiptHandle=answer["Messages"][0]["ReceiptHandle"])

            thread = threading.Thread(target=read)
            thread.start()
            time.sleep(0.01)
            sent = send()
            thread.join()
            found.append((came[0] - sent) * 1000)
        return statistics.median(found)

    def call(function):
        function()
        return time.monotonic()

    bare = times(lambda: call(lambda: sqs.send_message(QueueUrl=machines.queue, MessageBody="x")))
    task = times(lambda: call(lambda: machines.client.start_execution(stateMachineArn=arn)))
    return {"bareMs": round(bare, 2), "taskMs": round(task, 2), "differenceMs": round(task - bare, 2)}


def moto(seconds):
    """`moto_server` 5.2.1 runs one execution of an account and answers 500 to the next (it fails to copy the thread of the
    first), so that each of these has an account of its own; 32 clients start them, each is waited for to its end."""
    if not (server := peer("moto")):
        return {}

    def call(account, operation, body):
        headers = {"X-Amz-Target": f"AWSStepFunctions.{operation}", "Content-Type": "application/x-amz-json-1.0",
                   "Authorization": authorization("states"), "X-Moto-Account-Id": f"{account:012}"}
        with urllib.request.urlopen(urllib.request.Request(server.endpoint, json.dumps(body).encode(), headers)) as answer:
            return json.load(answer)

    def create(account):
        return call(account, "CreateStateMachine", {"name": "chain", "definition": json.dumps(chain(10)), "roleArn": ROLE})["stateMachineArn"]

    def start(account, arn):
        return call(account, "StartExecution", {"stateMachineArn": arn, "name": "once", "input": "{}"})["executionArn"]

    try:
        setting = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{server.endpoint}/moto-api/config", setting, {"Content-Type": "application/json"}))
        accounts = range(1, 40 * seconds)
        machines = [create(account) for account in accounts]
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(32) as clients:
            executions = list(zip(accounts, clients.map(start, accounts, machines)))
        while executions:
            if call(executions[-1][0], "DescribeExecution", {"executionArn": executions[-1][1]})["status"] == "RUNNING":
                time.sleep(0.02)
            else:
                executions.pop()
        rate = len(machines) / (time.monotonic() - begin)
        print(f"  {'ten Pass states':<28} {rate:,.0f} executions/s, {rate * 10:,.0f} transitions/s")
        return {"chain": rate}
    except Exception as error:  # a peer that cannot do something is reported, not hidden
        print(f"  moto: {type(error).__name__}: {str(error)[:300]}")
        return {}
    finally:
        server.stop()


def localstack(seconds):
    if not (server := peer("localstack")):
        return {}
    try:
        machines = Machines(server, tables=False)
        rate = machines.rate(machines.create("chain", chain(10)), seconds)["rate"]
        print(f"  {'ten Pass states':<28} {rate:,.0f} executions/s, {rate * 10:,.0f} transitions/s")
        return {"chain": rate}
    except Exception as error:
        print(f"  localstack: {type(error).__name__}: {str(error)[:300]}")
        return {}
    finally:
        server.stop()


def report(found):
    rows = []

    def row(what, target, value):
        try:
            number = value()
        except KeyError:
            return
        rows.append((what, number, abs(target), number <= -target if target < 0 else number >= target))

    row("ten-Pass executions a second, 32 clients", 3000, lambda: found["chain"])
    row("ten-Pass executions ÷ moto's", 40, lambda: found["chain"] / found["moto"]["chain"])
    row("ten-Pass executions ÷ LocalStack's", 50, lambda: found["chain"] / found["localstack"]["chain"])
    row("Express synchronous ÷ SendMessage", 0.6, lambda: found["sync"] / found["send"])
    row("executions of five tasks a second", 1000, lambda: found["tasks"])
    row("a branch of 40 ÷ a branch of 10 (at most)", -1.5, lambda: found["parallel"][40] / found["parallel"][10])
    row("an item of 10,000 ÷ an item of 1,000 (at most)", -1.2, lambda: found["map"][10_000] / 10 / found["map"][1_000])
    row("inline Map of 10,000, seconds (at most)", -1.5, lambda: found["map"][10_000])
    row("resident with 100,000 waiting, MB (at most)", -600, lambda: found["waiting"]["residentMB"])
    row("rate with 100,000 waiting ÷ without", 0.8, lambda: found["waiting"]["rateAfter"] / found["waiting"]["rateBefore"])
    row("restart with 100,000 waiting, ms (at most)", -3000, lambda: found["waiting"]["readyMs"])
    row("commit to effect, ms at the median (at most)", -1, lambda: found["latency"]["differenceMs"])
    print("\n| what | measured | target | |\n| --- | --- | --- | --- |")
    for what, value, target, reached in rows:
        print(f"| {what} | {value:,.2f} | {target:g} | {'✓' if reached else '✗'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--only", default="", help="chain,sync,tasks,parallel,map,waiting,latency")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    print("baton")
    with tempfile.TemporaryDirectory() as folder:
        server = baton(Path(folder) / "data", free_port())
        found = measure(Machines(server), options.seconds, only)
        server.stop()
    if not only or "latency" in only:
        with tempfile.TemporaryDirectory() as folder:
            server = baton(Path(folder) / "data", free_port())
            found["latency"] = latency(server)
            server.stop()
        print("  latency", found["latency"])
    if not only or "waiting" in only:
        found["waiting"] = waiting(100_000)
        print("  waiting", found["waiting"])
    if not options.no_peers:
        print("moto")
        found["moto"] = moto(options.seconds)
        print("localstack")
        found["localstack"] = localstack(options.seconds)
    report(found)
    (ROOT / ".build/bench-stepfunctions.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

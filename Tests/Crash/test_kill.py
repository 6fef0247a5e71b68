"""`kill -9` at random moments under mixed load: what was acknowledged is there, once and in order where that was said.

CRASH_ROUNDS: how many kills (default 200). CRASH_SECONDS: no further round begins after this time (default 600).
CRASH_SEED: another run.
"""

import io
import json
import os
import random
import select
import subprocess
import threading
import time
import zipfile

from line import Line, Lost
from load import (
    VISIBILITY, Consumer, Feeder, FifoConsumer, FifoSender, Invoker, Publisher, Queue, Sender, Table, Writer,
)

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "200"))
SECONDS = float(os.environ.get("CRASH_SECONDS", "600"))
SEED = os.environ.get("CRASH_SEED", "1")


class Countdown:
    """Tells when the load has been acknowledged a number of times."""

    def __init__(self, count):
        self.left, self.lock, self.over = count, threading.Lock(), threading.Event()

    def step(self):
        with self.lock:
            self.left -= 1
            if self.left <= 0:
                self.over.set()


class Client(threading.Thread):
    """One load for one life of the server."""

    def __init__(self, load, port, ready, countdown):
        super().__init__(daemon=True)
        self.load, self.line, self.ready, self.countdown, self.error = load, Line(port), ready, countdown, None

    def run(self):
        try:
            try:
                self.load.recover(self.line)
            finally:
                self.ready.wait(60)
            while True:
                self.load.step(self.line)
                self.countdown.step()
        except (Lost, StopIteration):
            pass
        except BaseException as error:
            self.error = error
            self.countdown.over.set()


def check(clients):
    for client in clients:
        client.join(60)
        assert not client.is_alive(), f"{type(client.load).__name__} hangs"
        if client.error:
            raise client.error


def one_round(server, loads, dice):
    """The server lives, the loads recover and go on, the server dies."""
    ready, countdown = threading.Barrier(len(loads) + 1), Countdown(dice.randrange(1, 400))
    clients = [Client(load, server.port, ready, countdown) for load in loads]
    for client in clients:
        client.start()
    ready.wait(60)
    assert countdown.over.wait(60), "the load came to a halt"
    server.kill()
    check(clients)


def die_while_starting(server, dice):
    from wire import BATON

    process = subprocess.Popen(
        [BATON, "serve", "--port", str(server.port), "--data", str(server.folder / "data")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    select.select([process.stdout], [], [], dice.uniform(0, 0.15))
    process.kill()
    process.wait()
    process.stdout.close()


def package(code):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", code)
    return buffer.getvalue()


FORWARD = """
import http.client, json, os, urllib.parse

def handler(event, context):
    baton = http.client.HTTPConnection(urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc)
    for record in event["Records"]:
        baton.request("POST", "/", json.dumps({"QueueUrl": os.environ["TARGET"], "MessageBody": record["body"]}), {
            "X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0"})
        answer = baton.getresponse()
        answer.read()
        assert answer.status == 200
"""


def mixed_load(server):
    sqs, sns, dynamodb, s3, functions = map(server.client, ["sqs", "sns", "dynamodb", "s3", "lambda"])

    def queue(name, key=lambda body: body, **attributes):
        url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": VISIBILITY, **attributes})["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Queue(url, key), arn

    standard, _ = queue("standard")
    fifo, _ = queue("ordered.fifo", FifoQueue="true")
    published, published_arn = queue("published")
    results, results_arn = queue("results", key=lambda body: json.loads(body)["requestPayload"])
    topic = sns.create_topic(Name="topic")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=published_arn, Attributes={"RawMessageDelivery": "true"})
    dynamodb.create_table(
        TableName="items", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    s3.create_bucket(Bucket="objects")
    functions.create_function(
        FunctionName="echo", Runtime="python3.11", Handler="main.handler", Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": package("def handler(event, context): return event")})
    mapped, mapped_arn = queue("mapped", VisibilityTimeout="6")
    forwarded, _ = queue("forwarded")
    functions.create_function(
        FunctionName="forward", Runtime="python3.11", Handler="main.handler", Role="arn:aws:iam::000000000000:role/any",
        Environment={"Variables": {"TARGET": forwarded.url}}, Code={"ZipFile": package(FORWARD)})
    functions.create_event_source_mapping(EventSourceArn=mapped_arn, FunctionName="forward", BatchSize=10)
    functions.put_function_concurrency(FunctionName="echo", ReservedConcurrentExecutions=10)
    functions.put_function_event_invoke_config(
        FunctionName="echo", DestinationConfig={"OnSuccess": {"Destination": results_arn}})

    def seeded(name):
        return random.Random(f"{SEED} {name}")

    return [
        Sender(standard, seeded("s1"), "s1"), Sender(standard, seeded("s2"), "s2"),
        FifoSender(fifo, seeded("f1"), "f1"), FifoSender(fifo, seeded("f2"), "f2"),
        Publisher(topic, published, seeded("p"), "p"), Table("items", seeded("t"), "t"),
        Writer("objects", seeded("w"), "w"), Invoker("echo", results, seeded("i")),
        Consumer(standard, seeded("c1")), Consumer(standard, seeded("c2")),
        FifoConsumer(fifo, seeded("c3")), FifoConsumer(fifo, seeded("c4")),
        Feeder(mapped, forwarded, "m"),
        Consumer(published, seeded("c5"), patience=3), Consumer(results, seeded("c6"), patience=15),
        Consumer(forwarded, seeded("c7"), patience=3),
    ]


def test_nothing_acknowledged_is_lost(server):
    loads, dice, end, rounds = mixed_load(server), random.Random(SEED), time.monotonic() + SECONDS, 0
    while rounds < ROUNDS and time.monotonic() < end:
        one_round(server, loads, dice)
        rounds += 1
        if dice.random() < 0.1:
            die_while_starting(server, dice)
        server.start()
    print(f"{rounds} kills")
    line = Line(server.port)
    for load in loads:
        load.finish(line)
    assert server.stop() == 0

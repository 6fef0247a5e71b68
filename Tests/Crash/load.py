"""The mixed load. Each load is one client: it remembers what it was told, and what it asked without an answer.

A load has `recover(line)`, run after each restart: what was in doubt is settled and what was acknowledged is looked at;
`step(line)`, one request; and `finish(line)`, after the last restart. All raise AssertionError for what must not be.
"""

import collections
import hashlib
import itertools
import threading
import uuid

from line import Refused

RECEIVE = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
# Long enough to handle ten messages on a busy machine, short enough to come back in the next rounds.
VISIBILITY = "5"


class Queue:
    """What all clients of one queue know together. A message's key is what its sender knows it by."""

    def __init__(self, url, key=lambda body: body):
        self.url = url
        self.key = key
        self.lock = threading.Lock()
        self.clock = itertools.count()
        self.sent = {}          # key → MessageId where the sender was told it, else None
        self.given_up = set()   # keys whose deletion was asked for
        self.deleted = {}       # MessageId → moment at which its deletion was acknowledged
        self.bodies = {}        # MessageId → body as received

    def acknowledge(self, key, message_id=None):
        with self.lock:
            self.sent[key] = message_id

    def missing(self):
        """Acknowledged messages that nobody has tried to delete."""
        return [key for key in self.sent if key not in self.given_up]


class Sender:
    """Standard queue: single messages, batches, delays."""

    def __init__(self, queue, random, name):
        self.queue, self.random, self.name, self.number = queue, random, name, 0

    def recover(self, line):
        pass

    finish = recover

    def body(self):
        self.number += 1
        return f"{self.name}-{self.number}-" + "x" * self.random.choice([0, 100, 1000])

    def step(self, line):
        delay = self.random.choice([0, 0, 0, 1])
        if self.random.random() < 0.8:
            body = self.body()
            answer = line.call("sqs", "SendMessage", QueueUrl=self.queue.url, MessageBody=body, DelaySeconds=delay)
            assert answer["MD5OfMessageBody"] == hashlib.md5(body.encode()).hexdigest()
            return self.queue.acknowledge(body, answer["MessageId"])
        bodies = {str(number): self.body() for number in range(5)}
        answer = line.call("sqs", "SendMessageBatch", QueueUrl=self.queue.url, Entries=[
            {"Id": key, "MessageBody": body, "DelaySeconds": delay} for key, body in bodies.items()])
        for entry in answer["Successful"]:
            self.queue.acknowledge(bodies[entry["Id"]], entry["MessageId"])


class Consumer:
    """Receives and deletes; now and then it forgets messages, which then have to come back."""

    def __init__(self, queue, random, forgets=0.1, patience=0):
        """`patience`: how many empty long polls of 20 s may pass at the end while messages are on their way."""
        self.queue, self.random, self.forgets, self.patience = queue, random, forgets, patience

    def recover(self, line):
        pass

    def step(self, line):
        self.take(line, self.forgets)

    def finish(self, line):
        """Empties the queue."""
        patience = self.patience
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
                  "ApproximateNumberOfMessagesDelayed"]
        while True:
            if self.take(line, forgets=0):
                continue
            left = line.call("sqs", "GetQueueAttributes", QueueUrl=self.queue.url, AttributeNames=counts)["Attributes"]
            if any(map(int, left.values())):
                self.take(line, forgets=0, WaitTimeSeconds=20)
            elif not self.queue.missing():
                return
            elif not self.take(line, forgets=0, WaitTimeSeconds=20):
                missing, patience = self.queue.missing(), patience - 1
                assert patience > 0, f"{len(missing)} of {len(self.queue.sent)} are lost: {missing[:5]}"

    def take(self, line, forgets, **options):
        """One receive → how many messages it brought."""
        moment = next(self.queue.clock)
        messages = line.call("sqs", "ReceiveMessage", QueueUrl=self.queue.url, **RECEIVE, **options).get("Messages", [])
        with self.queue.lock:
            for index, message in enumerate(messages):
                self.look(message, messages[:index], moment)
        self.delete(line, self.kept(messages, forgets))
        return len(messages)

    def look(self, message, before, moment):
        queue, body, message_id = self.queue, message["Body"], message["MessageId"]
        assert hashlib.md5(body.encode()).hexdigest() == message["MD5OfBody"]
        assert queue.bodies.setdefault(message_id, body) == body
        assert queue.sent.get(queue.key(body)) in (None, message_id), f"{body[:40]} has two message ids"
        assert queue.deleted.get(message_id, moment) >= moment, f"{body[:40]} returned after it was deleted"

    def kept(self, messages, forgets):
        return [message for message in messages if self.random.random() >= forgets]

    def delete(self, line, messages):
        if not messages:
            return
        with self.queue.lock:
            self.queue.given_up.update(self.queue.key(message["Body"]) for message in messages)
        answer = line.call("sqs", "DeleteMessageBatch", QueueUrl=self.queue.url, Entries=[
            {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]} for index, message in enumerate(messages)])
        with self.queue.lock:
            moment = next(self.queue.clock)
            for entry in answer.get("Successful", []):
                self.queue.deleted[messages[int(entry["Id"])]["MessageId"]] = moment


class FifoSender:
    """Groups of numbered messages. A message without an answer is sent again until it has one, as AWS tells clients to.
    """

    def __init__(self, queue, random, name, groups=4):
        self.queue, self.random = queue, random
        self.groups = [f"{name}-{index}" for index in range(groups)]
        self.numbers = collections.Counter()
        self.doubt = None
        self.recent = collections.deque(maxlen=50)

    def recover(self, line):
        """The same deduplication id again: the same message."""
        if self.doubt:
            self.send(line, *self.doubt)
        for group, number, message_id in self.random.sample(list(self.recent), min(5, len(self.recent))):
            again = self.call(line, group, number)["MessageId"]
            assert again == message_id, f"{group}:{number} was sent twice"

    finish = recover

    def step(self, line):
        group = self.random.choice(self.groups)
        self.numbers[group] += 1
        self.doubt = (group, self.numbers[group])
        self.send(line, *self.doubt)

    def send(self, line, group, number):
        message_id = self.call(line, group, number)["MessageId"]
        self.doubt = None
        self.queue.acknowledge(f"{group}:{number}", message_id)
        self.recent.append((group, number, message_id))

    def call(self, line, group, number):
        return line.call(
            "sqs", "SendMessage", QueueUrl=self.queue.url, MessageBody=f"{group}:{number}", MessageGroupId=group,
            MessageDeduplicationId=f"{group}:{number}")


class FifoConsumer(Consumer):
    """What is received of a group has nothing before it that somebody could still receive."""

    def look(self, message, before, moment):
        super().look(message, before, moment)
        group, number = message["Body"].split(":")
        assert group == message["Attributes"]["MessageGroupId"]
        previous = f"{group}:{int(number) - 1}"
        assert number == "1" or previous in self.queue.given_up or previous in [other["Body"] for other in before], \
            f"{message['Body']} overtook"

    def kept(self, messages, forgets):
        """What is forgotten stays in front of the rest of its group."""
        forgotten, kept = set(), []
        for message in messages:
            group = message["Attributes"]["MessageGroupId"]
            if group not in forgotten and self.random.random() >= forgets:
                kept.append(message)
            else:
                forgotten.add(group)
        return kept


class Publisher:
    """A topic with one subscribed queue; raw delivery, so that the queue's bodies are what was published."""

    def __init__(self, topic, queue, random, name):
        self.topic, self.queue, self.random, self.name, self.number = topic, queue, random, name, 0

    def recover(self, line):
        pass

    finish = recover

    def step(self, line):
        self.number += 1
        body = f"{self.name}-{self.number}"
        line.query("sns", "Publish", TopicArn=self.topic, Message=body)
        self.queue.acknowledge(body)


class Table:
    """Items that are overwritten with growing numbers, and a counter that must count each acknowledged step once."""

    def __init__(self, table, random, name, keys=40):
        self.table, self.random, self.name = table, random, name
        self.acknowledged, self.asked = collections.Counter(), collections.Counter()
        self.keys = [f"{name}-{index}" for index in range(keys)]

    def recover(self, line):
        for key in [*self.keys, "count-" + self.name]:
            item = line.call(
                "dynamodb", "GetItem", TableName=self.table, Key={"id": {"S": key}}, ConsistentRead=True).get("Item")
            number = int(item["number"]["N"]) if item else 0
            assert self.acknowledged[key] <= number <= self.asked[key], \
                f"{key} is {number}, not {self.acknowledged[key]} to {self.asked[key]}"
            assert not item or "text" not in item or item["text"]["S"] == f"{number}" * 100
            self.acknowledged[key] = self.asked[key] = number

    finish = recover

    def step(self, line):
        if self.random.random() < 0.2:
            return self.count(line)
        key = self.random.choice(self.keys)
        number = self.asked[key] = self.asked[key] + 1
        line.call("dynamodb", "PutItem", TableName=self.table, Item={
            "id": {"S": key}, "number": {"N": str(number)}, "text": {"S": f"{number}" * 100}})
        self.acknowledged[key] = number

    def count(self, line):
        key = "count-" + self.name
        self.asked[key] += 1
        answer = line.call(
            "dynamodb", "UpdateItem", TableName=self.table, Key={"id": {"S": key}}, ReturnValues="UPDATED_NEW",
            UpdateExpression="ADD #number :one", ExpressionAttributeNames={"#number": "number"},
            ExpressionAttributeValues={":one": {"N": "1"}})
        self.acknowledged[key] += 1
        assert int(answer["Attributes"]["number"]["N"]) == self.acknowledged[key] == self.asked[key]


class Writer:
    """Objects, small and large, new and overwritten: each is complete or not there."""

    def __init__(self, bucket, random, name, keys=12):
        self.bucket, self.random = bucket, random
        self.keys = [f"{name}/{index}" for index in range(keys)]
        self.acknowledged, self.asked = collections.Counter(), collections.Counter()

    def content(self, key, number):
        size = (200, 70_000, 400_000)[self.keys.index(key) % 3] + number
        return (f"{key}#{number}|".encode() * (size // 8))[:size]

    def recover(self, line):
        for key in self.keys:
            try:
                content = line.send("s3", "GET", f"/{self.bucket}/{key}")
            except Refused as error:
                assert error.status == 404, error
                content = b"#0|"
            number = int(content[content.index(b"#") + 1:content.index(b"|")])
            assert self.acknowledged[key] <= number <= self.asked[key], \
                f"{key} is {number}, not {self.acknowledged[key]} to {self.asked[key]}"
            assert number == 0 or content == self.content(key, number), f"{key} is not as it was written"
            self.acknowledged[key] = self.asked[key] = number

    finish = recover

    def step(self, line):
        key = self.random.choice(self.keys)
        number = self.asked[key] = self.asked[key] + 1
        line.send("s3", "PUT", f"/{self.bucket}/{key}", self.content(key, number))
        self.acknowledged[key] = number


class Few:
    """A load of few requests in each life of the server, because each of them costs time of a process."""

    per_round = 2
    left = 0

    def recover(self, line):
        self.left = self.per_round

    def finish(self, line):
        pass

    def step(self, line):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        self.ask(line)


class Invoker(Few):
    """Asynchronous invocations of a function whose results go to a queue."""

    def __init__(self, function, results, random):
        self.function, self.results, self.random = function, results, random

    def ask(self, line):
        body = str(uuid.UUID(int=self.random.getrandbits(128)))
        line.send(
            "lambda", "POST", f"/2015-03-31/functions/{self.function}/invocations", f'"{body}"',
            X_Amz_Invocation_Type="Event")
        self.results.acknowledge(body)


class Feeder(Few):
    """A queue whose messages a function takes to another queue."""

    def __init__(self, source, target, name):
        self.source, self.target, self.name, self.number = source, target, name, 0

    def ask(self, line):
        self.number += 1
        body = f"{self.name}-{self.number}"
        line.call("sqs", "SendMessage", QueueUrl=self.source.url, MessageBody=body)
        self.target.acknowledge(body)

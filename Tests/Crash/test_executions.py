"""Executions whose Baton is killed: all come to their end, and each does its work.

CRASH_EXECUTIONS: how many are in flight (default 2,000).
"""

import json
import os
import threading

from line import Line, Lost
from wire import eventually

COUNT = int(os.environ.get("CRASH_EXECUTIONS", "2000"))
CLIENTS = 8
ROLE = "arn:aws:iam::000000000000:role/any"


def machine(queue):
    """A timer, an effect, branches with timers of their own, a map: something of each is pending when the kill comes."""
    send = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True,
            "Parameters": {"QueueUrl": queue, "MessageBody.$": "$$.Execution.Name"}}
    pause = {"StartAt": "Pause", "States": {"Pause": {"Type": "Wait", "Seconds": 1, "End": True}}}
    step = {"StartAt": "Step", "States": {"Step": {"Type": "Pass", "End": True}}}
    return {"StartAt": "First", "States": {
        "First": {"Type": "Wait", "Seconds": 1, "Next": "Both"},
        "Both": {"Type": "Parallel", "ResultPath": None, "Next": "Each", "Branches": [
            pause, {"StartAt": "Send", "States": {"Send": send}}]},
        "Each": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": step, "End": True},
    }}


class Starter(threading.Thread):
    """Starts executions by name until all are acknowledged, whoever dies meanwhile: a name starts one execution."""

    def __init__(self, server, arn, names):
        super().__init__(daemon=True)
        self.server, self.arn, self.names, self.line = server, arn, names, Line(server.port)

    def run(self):
        while self.names:
            try:
                self.line.call("states", "StartExecution", stateMachineArn=self.arn, name=self.names[-1], input='{"items":[1,2,3]}')
                self.names.pop()
            except Lost:
                self.server.is_back.wait(60)
                self.line = Line(self.server.port)


def test_executions_in_flight_come_to_their_end(server):
    queue = server.client("sqs").create_queue(QueueName="work")["QueueUrl"]
    states = server.client("stepfunctions")
    arn = states.create_state_machine(name="m", definition=json.dumps(machine(queue)), roleArn=ROLE)["stateMachineArn"]
    names = [f"e{number}" for number in range(COUNT)]
    server.is_back = threading.Event()
    starters = [Starter(server, arn, names[part::CLIENTS]) for part in range(CLIENTS)]
    for starter in starters:
        starter.start()
    # Some wait, some are at work, some are not started: at each of three moments.
    for left in (COUNT * 2 // 3, COUNT // 3, 0):
        eventually(lambda: sum(len(starter.names) for starter in starters) <= left, timeout=120, what="the starts")
        server.is_back.clear()
        server.kill()
        server.start()
        server.is_back.set()
    for starter in starters:
        starter.join(120)
        assert not starter.names
    states = server.client("stepfunctions")

    def count(status):
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=arn, statusFilter=status)
        return sum(len(page["executions"]) for page in pages)

    eventually(lambda: count("RUNNING") == 0, timeout=120, what="the end of all executions")
    assert count("SUCCEEDED") == COUNT
    sqs, bodies = server.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=600).get("Messages"):
        bodies += [message["Body"] for message in messages]
    # A message is sent in the transaction that records it: once, though Baton died three times.
    assert sorted(bodies) == sorted(names)

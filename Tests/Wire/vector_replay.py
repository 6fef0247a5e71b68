"""Replays the calls of a recorded case against a Baton and gathers every answer."""

import json
import re
import select
import time

import botocore.config
import botocore.exceptions

from conftest import CONFIG

# StartSyncExecution and TestState would go to the host `sync-127.0.0.1`.
CONFIG = CONFIG.merge(botocore.config.Config(inject_host_prefix=False))
FINAL = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}
STEPS = re.compile(r"(?<!^)(?=[A-Z])")
# Calls after which a waiting execution may go on.
DRIVING = {"StopExecution", "SendTaskSuccess", "SendTaskFailure", "ReceiveMessage", "StartExecution"}


class Replay:
    """One case. What AWS named differently then (ids, URLs) is replaced by what Baton answered."""

    def __init__(self, case, server):
        self.case = case
        self.server = server
        self.account = account(case["calls"])
        self.names = {}
        self.clients = {}
        self.answers = []
        self.messages = []
        self.started = []
        self.on_start = lambda: None

    def client(self, service):
        key = (service, self.account)
        if key not in self.clients:
            self.clients[key] = self.server.client(
                service, aws_access_key_id=self.account, aws_secret_access_key="test", config=CONFIG)
        return self.clients[key]

    def renamed(self, value):
        if isinstance(value, dict):
            return {key: self.renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.renamed(item) for item in value]
        if isinstance(value, str):
            for old in sorted(self.names, key=len, reverse=True):
                value = value.replace(old, self.names[old])
        return value

    def learn(self, recorded, answer):
        for key, old in (recorded or {}).items():
            new = answer.get(key)
            if isinstance(old, str) and isinstance(new, str) and old != new:
                self.names[old] = new

    def run(self, more):
        """`more`: what to do before the first deletion, else at the end."""
        calls = self.case["calls"]
        for index, call in enumerate(calls):
            following = calls[index + 1:]
            if more and call["operation"].startswith("DeleteStateMachine"):
                more = more(self)
            if following and call["operation"] in {"ReceiveMessage"} and following[0] == call:
                continue  # A poll: only its last call is made, and waits.
            self.call(call, following)
        if more:
            more(self)

    def call(self, call, following=()):
        parameters = self.renamed(call["params"])
        service, operation = call["service"], call["operation"]
        # Cases of several accounts say in each call whose it is.
        self.account = account(parameters, self.account)
        try:
            answer = getattr(self, operation, self.plain)(service, operation, parameters, following)
        except botocore.exceptions.ClientError as error:
            self.add(operation, error.response, error)
            return
        except botocore.exceptions.ParamValidationError as error:
            self.add(operation, {}, error)
            return
        self.learn(call.get("answered"), answer)
        self.add(operation, answer)

    def add(self, operation, answer, error=None):
        if error is None:
            self.answers.append((operation, answer))
            return
        if isinstance(error, botocore.exceptions.ClientError):
            self.answers.append((operation, {**{k: v for k, v in answer.items() if k != "Error"}, "Error": {
                key: answer["Error"].get(key) for key in ("Code", "Message")}}))
        self.answers.append((operation, {"exception_typename": type(error).__name__, "exception_value": str(error)}))
        self.answers.append((operation, str(error)))

    def plain(self, service, operation, parameters, following):
        return getattr(self.client(service), STEPS.sub("_", operation).lower())(**parameters)

    # MARK: Calls that wait

    def StartExecution(self, service, operation, parameters, following):
        answer = self.plain(service, operation, {
            **parameters}, following)
        self.started.append(answer["executionArn"])
        self.on_start()
        if following and following[0]["operation"] in {"ListExecutions", "DescribeExecution"}:
            self.history(answer["executionArn"], [])
        return answer

    def GetExecutionHistory(self, service, operation, parameters, following):
        return self.history(parameters["executionArn"], following, parameters)

    def history(self, arn, following, parameters=None):
        """The whole history, once the execution is over, or rests until one of the calls that follow wakes it."""
        may_rest = any(call["operation"] in DRIVING - {"StartExecution"} for call in following)
        end, count, since = time.monotonic() + 60, None, time.monotonic()
        while True:
            events = self.events(parameters or {"executionArn": arn})
            types = {event["type"] for event in events}
            if len(events) != count:
                count, since = len(events), time.monotonic()
            is_over = types & FINAL or (may_rest and time.monotonic() - since > 1)
            if is_over or time.monotonic() > end:
                return {"events": events, "ResponseMetadata": {"HTTPHeaders": {}, "HTTPStatusCode": 200}}
            pause()

    def events(self, parameters):
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(**parameters)
        return [event for page in pages for event in page["events"]]

    def DescribeLogStreams(self, service, operation, parameters, following):
        return eventually(
            lambda: (a := self.plain(service, operation, parameters, following)) and a["logStreams"] and a) or {}

    def GetLogEvents(self, service, operation, parameters, following):
        wanted = self.case["expected"].get("logged_execution_events")
        count = len(wanted) if wanted is not None else 4

        def read():
            streams = self.client("logs").describe_log_streams(logGroupName=parameters["logGroupName"])["logStreams"]
            events = []
            for stream in streams:
                events += self.client("logs").get_log_events(
                    logGroupName=parameters["logGroupName"], logStreamName=stream["logStreamName"],
                    startFromHead=True)["events"]
            logged = [json.loads(event["message"]) for event in events if event["message"].startswith("{")]
            self.logged = sorted(logged, key=lambda e: (self.order(e["execution_arn"]), int(e["id"])))
            return len(self.logged) >= count
        eventually(read)
        self.answers.append(("logged", self.logged))
        if self.logged:
            self.answers.append(("logged", self.logged[-1]))
        return {}

    def order(self, arn):
        return self.started.index(arn) if arn in self.started else -1

    def ListMapRuns(self, service, operation, parameters, following):
        answer = self.plain(service, operation, parameters, following)
        for old in re.findall(r"arn:aws:states:[^\"]*:mapRun:[^\"]*", json.dumps(following)):
            self.names[old] = answer["mapRuns"][0]["mapRunArn"]
        return answer

    def PutObject(self, service, operation, parameters, following):
        """Bytes were not recorded; what the state read of them was."""
        if parameters["Body"] in {"<bytes>", "<bytearray>"}:
            body = re.search(r'"Body": "([^"]*)"', json.dumps(self.case["expected"]))
            parameters = {**parameters, "Body": body.group(1) if body else ""}
        return self.plain(service, operation, parameters, following)

    def ReceiveMessage(self, service, operation, parameters, following):
        wanted = next((v for k, v in self.case["expected"].items() if k in {"messages", "stepfunctions_events"}), [0])

        self.queue = parameters["QueueUrl"]

        def read():
            answer = self.client("sqs").receive_message(
                QueueUrl=parameters["QueueUrl"], MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                self.messages.append(message)
            return len(self.messages) >= len(wanted)
        eventually(read, 3)
        bodies = [json.loads(message["Body"]) for message in self.messages]
        self.answers.append(("messages", bodies))
        return {"Messages": self.messages}

    def DeleteMessage(self, service, operation, parameters, following):
        return {}

    def SendTaskSuccess(self, service, operation, parameters, following):
        """The token of then is replaced by that of a message received now."""
        if not self.messages:
            self.ReceiveMessage(service, operation, {"QueueUrl": self.queue}, following)
        found = re.search(r'TaskToken\W+([^"\\]+)', " ".join(m["Body"] for m in self.messages))
        if found:
            parameters = {**parameters, "taskToken": found.group(1)}
        return self.plain(service, operation, parameters, following)

    def GetObject(self, service, operation, parameters, following):
        answer = self.plain(service, operation, parameters, following)
        answer["Body"] = answer["Body"].read().decode()
        return answer


def account(tree, default="000000000000"):
    found = re.search(r"arn:aws:(?:states|sns|iam):[a-z0-9-]*:(\d{12})", json.dumps(tree))
    return found.group(1) if found else default


def cases_of(answers):
    """Inputs and outputs of all executions, as some recorders kept them instead of histories."""
    rows = []
    for operation, answer in answers:
        if operation != "GetExecutionHistory" or "events" not in answer:
            continue
        last = answer["events"][-1] if answer["events"] else {}
        rows.append({
            "input": (answer["events"] or [{}])[0].get("executionStartedEventDetails", {}).get("input"),
            "output": last.get("executionSucceededEventDetails", {}).get("output")})
    return rows


def pause(seconds=0.05):
    select.select([], [], [], seconds)


def eventually(probe, timeout=5):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if (answer := probe()):
            return answer
        pause()
    return None

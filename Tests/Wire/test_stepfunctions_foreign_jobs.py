"""`.sync` tasks of services that this Baton does not have: Glue, ECS and EMR, reached by `--route`. A small server with
their wire format stands for AWS."""

import http.server
import json
import threading
import uuid
from dataclasses import dataclass, field

import pytest

from conftest import Server, eventually

ROLE = "arn:aws:iam::000000000000:role/states"
REFUSALS = {"StartJobRun": "EntityNotFoundException", "RunTask": "ClusterNotFoundException"}
TASK = "arn:aws:ecs:us-east-1:000000000000:task/c/1"


class Jobs:
    """Answers the JSON protocol: operation → its answers, the last of them again and again."""

    def __init__(self):
        self.calls, self.answers, self.lock = [], {}, threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
                status, answer = outer.answer(self.headers["X-Amz-Target"].split(".")[-1], body)
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def prepare(self, answers):
        with self.lock:
            self.calls, self.answers = [], {name: list(found) for name, found in answers.items()}

    def answer(self, operation, body):
        with self.lock:
            self.calls.append((operation, body))
            prepared = self.answers.get(operation)
            if not prepared:
                return 400, {"__type": REFUSALS.get(operation, "InvalidRequestException"), "message": f"{operation} was not expected"}
            return 200, prepared.pop(0) if len(prepared) > 1 else prepared[0]

    def called(self, operation):
        with self.lock:
            return [body for name, body in self.calls if name == operation]


@pytest.fixture(scope="module")
def jobs():
    found = Jobs()
    yield found
    found.server.shutdown()


@pytest.fixture(scope="module")
def states(jobs, tmp_path_factory):
    routes = [word for service in ("glue", "ecs", "emr") for word in ("--route", f"{service}={jobs.endpoint}")]
    server = Server(
        tmp_path_factory.mktemp("foreign"), *routes,
        environment={"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    yield server.client("stepfunctions")
    server.stop()


@dataclass
class Case:
    """One kind of job, with what its service says while it goes well and when it does not."""

    resource: str
    parameters: dict
    submit: tuple  # operation, its input, its answer
    ask: tuple  # operation, its input
    running: dict
    good: dict
    bad: dict
    stop: tuple  # operation, its input
    output: dict = field(default_factory=dict)  # of the task


def glue(state):
    return {"JobRun": {"Id": "jr_1", "JobName": "etl", "JobRunState": state}}


def ecs(state, *codes):
    containers = [{"name": "main", "exitCode": code} for code in codes]
    return {"tasks": [{"taskArn": TASK, "lastStatus": state, "containers": containers}], "failures": []}


def emr(state):
    return {"Step": {"Id": "s-1", "Name": "step", "Status": {"State": state}}}


STEP = {"Name": "step", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["true"]}}
CASES = {
    "glue": Case(
        "glue:startJobRun", {"JobName": "etl", "Arguments": {"--day": "monday"}, "WorkerType": "G.1X"},
        ("StartJobRun", {"JobName": "etl", "Arguments": {"--day": "monday"}, "WorkerType": "G.1X"}, {"JobRunId": "jr_1"}),
        ("GetJobRun", {"JobName": "etl", "RunId": "jr_1"}), glue("RUNNING"), glue("SUCCEEDED"), glue("TIMEOUT"),
        ("BatchStopJobRun", {"JobName": "etl", "JobRunIds": ["jr_1"]}), glue("SUCCEEDED")["JobRun"]),
    "ecs": Case(
        "ecs:runTask", {"Cluster": "c", "TaskDefinition": "t:1", "LaunchType": "FARGATE"},
        ("RunTask", {"cluster": "c", "taskDefinition": "t:1", "launchType": "FARGATE"}, ecs("PROVISIONING")),
        ("DescribeTasks", {"cluster": "c", "tasks": [TASK]}), ecs("RUNNING"), ecs("STOPPED", 0, 0), ecs("STOPPED", 0, 3),
        ("StopTask", {"cluster": "c", "task": TASK}),
        {"TaskArn": TASK, "LastStatus": "STOPPED",
         "Containers": [{"Name": "main", "ExitCode": 0}, {"Name": "main", "ExitCode": 0}]}),
    "emr": Case(
        "elasticmapreduce:addStep", {"ClusterId": "j-1", "Step": STEP},
        ("AddJobFlowSteps", {"JobFlowId": "j-1", "Steps": [STEP]}, {"StepIds": ["s-1"]}),
        ("DescribeStep", {"ClusterId": "j-1", "StepId": "s-1"}), emr("PENDING"), emr("COMPLETED"), emr("FAILED"),
        ("CancelSteps", {"ClusterId": "j-1", "StepIds": ["s-1"]}), emr("COMPLETED")),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request):
    return request.param


def start(states, case):
    machine = states.create_state_machine(
        name=f"m-{uuid.uuid4()}", roleArn=ROLE, definition=json.dumps({"StartAt": "Job", "States": {"Job": {
            "Type": "Task", "Resource": f"arn:aws:states:::{case.resource}.sync", "Parameters": case.parameters,
            "End": True}}}))["stateMachineArn"]
    return states.start_execution(stateMachineArn=machine)["executionArn"]


def end(states, execution):
    def ended():
        found = states.describe_execution(executionArn=execution)
        return found if found["status"] != "RUNNING" else None

    return eventually(ended, 30, "the end of the execution")


def test_the_task_ends_with_its_job(states, jobs, case):
    jobs.prepare({case.submit[0]: [case.submit[2]], case.ask[0]: [case.running, case.running, case.good]})
    execution = start(states, case)
    found = end(states, execution)
    assert found["status"] == "SUCCEEDED", found
    assert json.loads(found["output"]) == case.output
    (submitted,) = jobs.called(case.submit[0])
    assert {name: submitted[name] for name in case.submit[1]} == case.submit[1]
    assert jobs.called(case.ask[0]) == [case.ask[1]] * 3
    events = states.get_execution_history(executionArn=execution)["events"]
    assert [event["type"] for event in events[2:6]] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_a_job_that_fails_fails_the_task(states, jobs, case):
    jobs.prepare({case.submit[0]: [case.submit[2]], case.ask[0]: [case.bad]})
    found = end(states, start(states, case))
    assert (found["status"], found["error"]) == ("FAILED", "States.TaskFailed"), found
    json.loads(found["cause"])


def test_stopping_the_execution_ends_the_job(states, jobs, case):
    jobs.prepare({case.submit[0]: [case.submit[2]], case.ask[0]: [case.running], case.stop[0]: [{}]})
    execution = start(states, case)
    eventually(lambda: jobs.called(case.ask[0]), 15, "the first question")
    states.stop_execution(executionArn=execution)
    eventually(lambda: jobs.called(case.stop[0]), 15, "the end of the job")
    (stopped,) = jobs.called(case.stop[0])
    assert {name: stopped[name] for name in case.stop[1]} == case.stop[1]


def test_what_the_service_refuses_fails_the_task(states, jobs, case):
    jobs.prepare({})
    found = end(states, start(states, case))
    assert found["status"] == "FAILED" and found["error"] in {
        "Glue.EntityNotFoundException", "ECS.ClusterNotFoundException", "ElasticMapReduce.InvalidRequestException"}, found
    assert "was not expected" in found["cause"]


def test_a_task_of_ecs_that_finds_no_place_fails(states, jobs):
    jobs.prepare({"RunTask": [{"tasks": [], "failures": [{"arn": "x", "reason": "RESOURCE:CPU"}]}]})
    found = end(states, start(states, CASES["ecs"]))
    assert (found["status"], found["error"]) == ("FAILED", "AmazonECS.Unknown"), found
    assert "RESOURCE:CPU" in found["cause"]

"""Step Functions through boto3: workers and tokens, operations of the SDK, and what is around executions. Integrations
are in test_stepfunctions_integrations.py."""

import http.server
import io
import json
import threading
import uuid
import zipfile

import botocore.config
import pytest

from conftest import ACCOUNT, CONFIG, Server, eventually

ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"
# StartSyncExecution would go to the host `sync-127.0.0.1`.
DIRECT = CONFIG.merge(botocore.config.Config(inject_host_prefix=False))


@pytest.fixture(scope="module")
def states(baton):
    return baton.client("stepfunctions", config=DIRECT)


@pytest.fixture
def machine(states):
    """Definition → ARN of a state machine."""

    def make(definition, **options):
        name = f"m-{uuid.uuid4().hex[:8]}"
        return states.create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=ROLE, **options)["stateMachineArn"]

    return make


def task(resource, parameters, **fields):
    return {"StartAt": "T", "States": {"T": {
        "Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **fields}}}


def end_of(states, arn, timeout=20):
    def probe():
        found = states.describe_execution(executionArn=arn)
        return found if found["status"] != "RUNNING" else None

    return eventually(probe, timeout, "the end of the execution")


@pytest.fixture
def run(states, machine):
    """Runs a definition to its end: the output, or (error, cause)."""

    def run(definition, input=None):
        arn = states.start_execution(
            stateMachineArn=machine(definition), input=json.dumps(input if input is not None else {}))["executionArn"]
        end = end_of(states, arn)
        if end["status"] == "SUCCEEDED":
            return json.loads(end["output"])
        return end.get("error"), end.get("cause")

    return run


@pytest.fixture(scope="module")
def function(aws):
    """A function that doubles `n` and fails without it."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): return {'n': event['n'] * 2}\n")
    name = f"f-{uuid.uuid4().hex[:8]}"
    made = aws("lambda").create_function(
        FunctionName=name, Runtime="python3.11", Handler="main.handler", Role=ROLE,
        Code={"ZipFile": code.getvalue()})
    aws("lambda").get_waiter("function_active_v2").wait(FunctionName=name)
    return made["FunctionArn"]


@pytest.fixture
def queue(aws):
    return aws("sqs").create_queue(QueueName=f"q-{uuid.uuid4().hex[:8]}")["QueueUrl"]


def received(aws, queue):
    message = aws("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"][0]
    aws("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return json.loads(message["Body"])


# MARK: Workers and tokens


def test_tokens(aws, states, machine, queue):
    definition = task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
        "QueueUrl": queue, "MessageBody": {"token.$": "$$.Task.Token"}}, HeartbeatSeconds=100)
    outcomes = {
        "SUCCEEDED": lambda token: states.send_task_success(taskToken=token, output='{"ok": true}'),
        "FAILED": lambda token: states.send_task_failure(taskToken=token, error="E", cause="C"),
    }
    for status, answer in outcomes.items():
        arn = states.start_execution(stateMachineArn=machine(definition))["executionArn"]
        token = received(aws, queue)["token"]
        states.send_task_heartbeat(taskToken=token)
        answer(token)
        end = end_of(states, arn)
        assert end["status"] == status
        assert (end.get("output"), end.get("error")) in [('{"ok":true}', None), (None, "E")]
        with pytest.raises(states.exceptions.TaskTimedOut):
            states.send_task_success(taskToken=token, output="{}")
    with pytest.raises(states.exceptions.InvalidToken):
        states.send_task_success(taskToken="none", output="{}")


def test_activities(states, machine):
    activity = states.create_activity(name=f"a-{uuid.uuid4().hex[:8]}")["activityArn"]
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": True}}}
    taken = {}

    def work():
        taken.update(states.get_activity_task(activityArn=activity, workerName="w"))

    # The worker waits before there is anything to do.
    worker = threading.Thread(target=work)
    worker.start()
    arn = states.start_execution(stateMachineArn=machine(definition), input='{"n": 1}')["executionArn"]
    worker.join(20)
    assert json.loads(taken["input"]) == {"n": 1}
    states.send_task_success(taskToken=taken["taskToken"], output="2")
    assert end_of(states, arn)["output"] == "2"
    types = [event["type"] for event in states.get_execution_history(executionArn=arn)["events"]]
    assert types == [
        "ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
        "TaskStateExited", "ExecutionSucceeded"]


@pytest.mark.parametrize("resource, parameters, member", [
    ("sqs:createQueue", {"QueueName": "sdk"}, "QueueUrl"), ("sts:getCallerIdentity", {}, "Account"),
    ("s3:listBuckets", {}, "Buckets"), ("dynamodb:listTables", {}, "TableNames"),
    ("lambda:listFunctions", {}, "Functions"), ("sfn:listStateMachines", {}, "StateMachines"),
    ("cloudwatchlogs:describeLogGroups", {}, "LogGroups"), ("iam:listRoles", {}, "Roles"),
    ("sns:listTopics", {}, "Topics"), ("eventbridge:listRules", {}, "Rules"),
    ("cloudformation:listStacks", {}, "StackSummaries"),
])
def test_operations_of_the_sdk(run, resource, parameters, member):
    assert member in run(task(f"arn:aws:states:::aws-sdk:{resource}", parameters))


# MARK: Around executions


def test_express_executions_answer_at_once(states, machine):
    arn = machine(
        {"QueryLanguage": "JSONata", "StartAt": "P", "States": {"P": {
            "Type": "Pass", "Output": "{% $states.input.n * 2 %}", "End": True}}}, type="EXPRESS")
    answer = states.start_sync_execution(stateMachineArn=arn, input='{"n": 21}')
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", "42")
    with pytest.raises(states.exceptions.StateMachineTypeNotSupported):
        states.list_executions(stateMachineArn=arn)


def test_aliases_pick_a_version_of_the_definition(states, machine):
    arn = machine({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 1, "End": True}}}, publish=True)
    two = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 2, "End": True}}}
    states.update_state_machine(stateMachineArn=arn, definition=json.dumps(two), publish=True)
    alias = states.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": f"{arn}:1", "weight": 100}]
    )["stateMachineAliasArn"]
    first = end_of(states, states.start_execution(stateMachineArn=alias)["executionArn"])
    assert (first["output"], first["stateMachineAliasArn"]) == ("1", alias)
    states.update_state_machine_alias(
        stateMachineAliasArn=alias, routingConfiguration=[{"stateMachineVersionArn": f"{arn}:2", "weight": 100}])
    second = end_of(states, states.start_execution(stateMachineArn=alias)["executionArn"])
    assert (second["output"], second["stateMachineVersionArn"]) == ("2", f"{arn}:2")


def test_executions_are_stopped_and_redriven(aws, states, machine, queue):
    definition = task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
        "QueueUrl": queue, "MessageBody": {"token.$": "$$.Task.Token"}})
    arn = states.start_execution(stateMachineArn=machine(definition))["executionArn"]
    received(aws, queue)
    states.stop_execution(executionArn=arn, error="E", cause="C")
    assert end_of(states, arn)["status"] == "ABORTED"
    states.redrive_execution(executionArn=arn)
    states.send_task_success(taskToken=received(aws, queue)["token"], output="7")
    end = end_of(states, arn)
    assert (end["status"], end["output"], end["redriveCount"]) == ("SUCCEEDED", "7", 1)


def test_definitions_are_checked(states, machine):
    answer = states.validate_state_machine_definition(
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}))
    assert answer["result"] == "FAIL"
    assert answer["diagnostics"][0]["code"] == "MISSING_TRANSITION_TARGET"
    with pytest.raises(states.exceptions.InvalidDefinition):
        machine({"StartAt": "A"})


def test_one_state_is_tested_by_itself(states, function):
    answer = states.test_state(
        definition=json.dumps({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "N",
            "Parameters": {"FunctionName": function, "Payload.$": "$"}, "OutputPath": "$.Payload"}),
        input='{"n": 4}', roleArn=ROLE, inspectionLevel="DEBUG")
    assert (answer["status"], answer["output"], answer["nextState"]) == ("SUCCEEDED", '{"n":8}', "N")
    assert json.loads(answer["inspectionData"]["afterParameters"])["Payload"] == {"n": 4}


@pytest.mark.parametrize("reveals", [False, True])
def test_requests_are_traced_without_their_secrets(aws, states, reveals):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        connection = aws("events").create_connection(
            Name=f"c-{uuid.uuid4().hex[:8]}", AuthorizationType="API_KEY",
            AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "hush"}})["ConnectionArn"]
        answer = states.test_state(
            definition=json.dumps({"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": True, "Parameters": {
                "ApiEndpoint": f"http://127.0.0.1:{server.server_port}/path", "Method": "GET",
                "Authentication": {"ConnectionArn": connection}}}),
            roleArn=ROLE, inspectionLevel="TRACE", revealSecrets=reveals)
    finally:
        server.shutdown()
    request, response = (answer["inspectionData"][side] for side in ("request", "response"))
    assert (request["method"], response["statusCode"], response["body"]) == ("GET", "200", '{"ok": true}')
    assert ("hush" in request["headers"]) == reveals


def test_deleted_machines_go_with_their_last_execution(states, machine):
    activity = states.create_activity(name=f"a-{uuid.uuid4().hex[:8]}")["activityArn"]
    arn = machine({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": True}}})
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    states.delete_state_machine(stateMachineArn=arn)
    assert states.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
    with pytest.raises(states.exceptions.StateMachineDeleting):
        states.start_execution(stateMachineArn=arn)
    token = states.get_activity_task(activityArn=activity)["taskToken"]
    states.send_task_success(taskToken=token, output="1")
    assert end_of(states, execution)["output"] == "1"

    def is_gone():
        try:
            states.describe_state_machine(stateMachineArn=arn)
        except states.exceptions.StateMachineDoesNotExist:
            return True

    eventually(is_gone, what="the machine's end")


def test_changes_of_status_are_events(aws, states, machine, queue):
    arn = machine({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "Next": "F"}, "F": {"Type": "Fail", "Error": "E", "Cause": "c"}}})
    events, rule = aws("events"), f"status-{uuid.uuid4().hex[:8]}"
    queue_arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=rule, EventPattern=json.dumps({
        "source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [arn]}}))
    events.put_targets(Rule=rule, Targets=[{"Id": "q", "Arn": queue_arn}])
    execution = states.start_execution(stateMachineArn=arn, input='{"n":1}')["executionArn"]
    found = {}
    while len(found) < 2:
        event = received(aws, queue)
        found[event["detail"]["status"]] = event
    assert found.keys() == {"RUNNING", "FAILED"}
    assert all(event["resources"] == [execution] and event["detail"]["input"] == '{"n":1}' for event in found.values())
    detail = found["FAILED"]["detail"]
    assert (detail["error"], detail["cause"], detail["output"], detail["redriveStatus"]) == ("E", "c", None, "REDRIVABLE")
    assert detail["stopDate"] >= detail["startDate"] and found["RUNNING"]["detail"]["stopDate"] is None
    events.remove_targets(Rule=rule, Ids=["q"])
    events.delete_rule(Name=rule)


@pytest.mark.parametrize("seconds, status, billed", [(200, "SUCCEEDED", 200_000), (400, "TIMED_OUT", 300_000)])
def test_a_skipping_clock_does_not_wait_for_express_executions(tmp_path, seconds, status, billed):
    server = Server(tmp_path, "--clock", "skip")
    try:
        states = server.client("stepfunctions", config=DIRECT)
        machine = states.create_state_machine(
            name="m", type="EXPRESS", roleArn="arn:aws:iam::000000000000:role/any", definition=json.dumps(
                {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": seconds, "End": True}}}))
        end = states.start_sync_execution(stateMachineArn=machine["stateMachineArn"])
        assert end["status"] == status
        assert billed <= end["billingDetails"]["billedDurationInMilliseconds"] <= billed + 5_000
    finally:
        server.stop()


def test_a_tested_task_has_its_time_limit(states, queue):
    answer = states.test_state(roleArn=ROLE, definition=json.dumps({
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:receiveMessage", "TimeoutSeconds": 1, "End": True,
        "Parameters": {"QueueUrl": queue, "WaitTimeSeconds": 10}}))
    assert (answer["status"], answer["error"]) == ("FAILED", "States.Timeout")

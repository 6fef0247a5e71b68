"""The scenarios of the job dispatch system, on a deployed stack, as its users see them."""

import base64
import gzip
import http.server
import io
import json
import os
import shutil
import subprocess
import threading
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from boto3.dynamodb.types import TypeSerializer

from conftest import ACCOUNT, BATON, REGION, ROOT, Server, eventually

SYSTEM = ROOT / "Systems" / "JobDispatch"
SAMPLES = SYSTEM / "samples"
BINARY = Path(os.environ.get("JOB_DISPATCH", ROOT / ".build/debug/job-dispatch"))
EVENT_NAMES = ("group", "environment", "project", "job", "version")


class Stack:
    """A deployed stack with the sample rows, and what its users do with it."""

    def __init__(self, aws, outputs):
        self.aws = aws
        self.outputs = outputs
        self.names = {**outputs, "Region": REGION, "Account": ACCOUNT}

    def sample(self, name):
        text = (SAMPLES / name).read_text()
        for key, value in self.names.items():
            text = text.replace("${%s}" % key, value)
        return json.loads(text, parse_float=Decimal)

    def put(self, row):
        item = {key: TypeSerializer().serialize(value) for key, value in row.items()}
        self.aws("dynamodb").put_item(TableName=self.outputs["ConfigTableName"], Item=item)

    def load(self):
        for row in self.sample("config-rows.json"):
            self.put(row)
        typed = self.sample("config-row-typed.json")
        self.aws("dynamodb").put_item(TableName=self.outputs["ConfigTableName"], Item=typed)
        return self

    def publish(self, message):
        body = message if isinstance(message, str) else json.dumps(message)
        return self.aws("sns").publish(TopicArn=self.outputs["TriggerTopicArn"], Message=body)["MessageId"]

    def publish_job(self, job):
        return self.publish({"jobId": job})

    def receive(self, queue, count, wait=10):
        """Takes `count` messages off the queue; fewer only when none comes for `wait` seconds."""
        taken = []
        while len(taken) < count:
            messages = self.aws("sqs").receive_message(
                QueueUrl=self.outputs[queue], WaitTimeSeconds=wait, MaxNumberOfMessages=10, VisibilityTimeout=43200,
                AttributeNames=["All"], MessageAttributeNames=["All"]).get("Messages", [])
            if not messages:
                return taken
            for message in messages:
                self.aws("sqs").delete_message(
                    QueueUrl=self.outputs[queue], ReceiptHandle=message["ReceiptHandle"])
            taken += messages
        return taken

    def jobs(self, count=1):
        """The next messages that Matillion would read, and not one more."""
        messages = self.receive("ListenerQueueUrl", count)
        assert len(messages) == count
        self.expect_empty("ListenerQueueUrl")
        return messages

    def job(self):
        return self.jobs()[0]

    def dead(self, count=1):
        messages = self.receive("DeadLetterQueueUrl", count)
        assert len(messages) == count
        return messages

    def expect_empty(self, queue):
        """Nothing visible, delayed or in flight."""
        attributes = self.aws("sqs").get_queue_attributes(
            QueueUrl=self.outputs[queue], AttributeNames=["All"])["Attributes"]
        counts = {key: int(attributes[key]) for key in attributes if key.startswith("ApproximateNumber")}
        assert not any(counts.values()), counts

    def run(self, run_id, *statuses):
        """The run's item once it has one of these statuses."""

        def probe():
            item = self.aws("dynamodb").get_item(
                TableName=self.outputs["RunTableName"], Key={"runId": {"S": run_id}}, ConsistentRead=True).get("Item")
            return item if item and (not statuses or item["status"]["S"] in statuses) else None

        return eventually(probe, what=f"run {run_id} {statuses}")

    def invoke_broker(self, message, message_id=None):
        """Hands the broker an SNS event itself, as the topic does."""
        event = self.sample("sns-event.json")
        event["Records"][0]["Sns"].update(Message=json.dumps(message), MessageId=message_id or str(uuid.uuid4()))
        answer = self.aws("lambda").invoke(
            FunctionName=self.outputs["BrokerFunctionName"], Payload=json.dumps(event).encode())
        payload = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, payload
        return payload[0]

    def reply(self, body, queue="SuccessQueueUrl"):
        self.aws("sqs").send_message(
            QueueUrl=self.outputs[queue], MessageBody=body if isinstance(body, str) else json.dumps(body))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The system as it lies in its folder, with its compiled functions."""
    folder = tmp_path_factory.mktemp("job-dispatch")
    shutil.copy(SYSTEM / "template.yaml", folder)
    (folder / "function").mkdir()
    subprocess.run(["strip", "-s", str(BINARY), "-o", str(folder / "function" / "bootstrap")], check=True)
    return folder / "template.yaml"


@pytest.fixture(scope="module")
def stack(aws, deploy, template):
    outputs = deploy(template, "job-dispatch", {"Environment": "dev", "EnvironmentTypeIndex": "99"})
    return Stack(aws, outputs).load()


@pytest.fixture(scope="module")
def expected(stack):
    return stack.sample("expected-bodies.json")


@pytest.fixture
def completions(aws, stack):
    """A queue that is subscribed to the completion topic → its next message."""
    sqs, sns = aws("sqs"), aws("sns")
    url = sqs.create_queue(QueueName=f"completions-{uuid.uuid4().hex}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    subscription = sns.subscribe(
        TopicArn=stack.outputs["TaskCompleteTopicArn"], Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    stack.outputs["CompletionsUrl"] = url

    def following():
        (message,) = stack.receive("CompletionsUrl", 1)
        envelope = json.loads(message["Body"])
        return json.loads(envelope["Message"]), envelope["MessageAttributes"]["status"]["Value"]

    yield following
    sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def hook():
    """An HTTP server that notes what it is sent: `(path, headers, body)`."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            requests.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.send_header("X-Request-Id", "hook-1")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.requests = requests
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()


def without_lambda_id(body):
    """The body, after a look at the moment of dispatch."""
    moment = body["variables"].pop("lambdaId")
    assert isinstance(moment, int)
    assert abs(moment - time.time()) <= 5
    return body


# JD-1
def test_an_event_becomes_a_job_on_matillions_queue(stack, expected):
    run_id = stack.publish_job("StartEtlProcess")
    message = stack.job()
    assert without_lambda_id(json.loads(message["Body"])) == expected["StartEtlProcess"]
    attributes = message["Attributes"]
    assert attributes["MessageGroupId"] == "edw-ingest-kickoff"
    assert attributes["MessageDeduplicationId"] == run_id
    # A poll has been waiting for it since before it was sent: it came when its delay was over.
    assert int(attributes["ApproximateFirstReceiveTimestamp"]) - int(attributes["SentTimestamp"]) >= 1000
    assert stack.run(run_id, "DISPATCHED")["targetId"]["S"] == message["MessageId"]


# JD-2
def test_the_queue_url_alone_selects_the_queue(stack):
    stack.publish_job("StartEtlProcess2")
    body = json.loads(stack.job()["Body"])
    assert (body["job"], body["variables"]["environment"]) == ("Step2", "prod")


# JD-3
def test_two_triggers_of_a_job_without_variables_are_two_messages(stack, expected):
    stack.publish_job("NoVariables")
    # The delay of the queue keeps the two more than a second apart.
    first = json.loads(stack.job()["Body"])
    stack.publish_job("NoVariables")
    second = json.loads(stack.job()["Body"])
    assert first == second == expected["NoVariables"]
    assert sorted(first) == sorted(EVENT_NAMES)


# JD-4
def test_two_publishes_are_two_messages_and_one_redelivered_is_one(stack, aws):
    stack.publish_job("StartEtlProcess")
    stack.publish_job("StartEtlProcess")
    stack.jobs(2)

    message_id = str(uuid.uuid4())
    first = stack.invoke_broker({"jobId": "StartEtlProcess"}, message_id)
    second = stack.invoke_broker({"jobId": "StartEtlProcess"}, message_id)
    assert first == second
    assert first["status"] == "DISPATCHED"
    stack.job()
    runs = aws("dynamodb").query(
        TableName=stack.outputs["RunTableName"], IndexName="jobId-dispatchedAt",
        KeyConditionExpression="jobId = :j", ExpressionAttributeValues={":j": {"S": "StartEtlProcess"}})["Items"]
    assert [run["runId"]["S"] for run in runs].count(message_id) == 1


# JD-5
def test_typed_values_arrive_as_plain_json(stack, expected):
    stack.publish_job("TypedVariables")
    body = without_lambda_id(json.loads(stack.job()["Body"], parse_float=Decimal))
    body["variables"]["s"].sort()
    assert body == expected["TypedVariables"]


# JD-6
def test_an_unknown_job_is_rejected_with_its_reason(stack):
    run_id = stack.publish_job("Nope")
    (message,) = stack.dead()
    # The original event, not the record of a failed function.
    assert json.loads(message["Body"]) == {"jobId": "Nope"}
    error = f"DynamoDB Table Key 'Nope' not found in table '{stack.outputs['ConfigTableName']}'"
    assert message["MessageAttributes"]["error"]["StringValue"] == error
    run = stack.run(run_id, "REJECTED")
    assert run["error"]["S"] == error
    stack.expect_empty("ListenerQueueUrl")
    stack.expect_empty("DeadLetterQueueUrl")


# JD-7
def test_what_is_no_event_is_rejected(stack):
    bodies = ["not json", "{}", "[]", '{"jobId":7}']
    for body in bodies:
        stack.publish(body)
    assert sorted(message["Body"] for message in stack.dead(4)) == sorted(bodies)
    stack.expect_empty("ListenerQueueUrl")


# JD-8
@pytest.mark.parametrize(
    "job, error",
    [
        ("Cobol", "Job type 'Cobol' not supported"),
        ("NoVersion", "Invalid configuration: config.matillionSqsMessage.version"),
    ],
)
def test_a_row_that_cannot_work_is_rejected(stack, job, error):
    stack.publish_job(job)
    (message,) = stack.dead()
    assert message["MessageAttributes"]["error"]["StringValue"] == error


# JD-9
def test_other_keys_of_the_row_stay_out_of_the_message(stack, expected):
    stack.publish_job("ExtraKeys")
    assert without_lambda_id(json.loads(stack.job()["Body"])) == expected["ExtraKeys"]


def test_the_sample_messages_end_as_they_say(stack):
    samples = stack.sample("messages.json")
    for sample in samples:
        run_id = stack.publish(sample["message"])
        run = stack.run(run_id, "DISPATCHED", "REJECTED")
        assert run["status"]["S"] == sample["expect"], sample
        if "error" in sample:
            assert run["error"]["S"] == sample["error"]
        if sample["expect"] == "DISPATCHED":
            body = json.loads(stack.job()["Body"])
            assert body["job"] in ("Step1", "Step2")
            if "variables" in sample:
                assert without_lambda_id(body)["variables"] == sample["variables"]
        else:
            assert stack.dead()[0]["Body"] == sample["message"]


# JD-10: the platform's pauses between attempts take minutes, so this Baton's clock skips them.
def test_a_target_that_is_gone_is_tried_three_times(tmp_path, template):
    server = Server(tmp_path, "--clock", "skip")
    try:
        clients = {}
        aws = lambda service: clients.setdefault(service, server.client(service))  # noqa: E731
        environment = {
            **os.environ, "AWS_ENDPOINT_URL": server.endpoint, "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION,
        }
        result = subprocess.run(
            [BATON, "deploy", str(template), "--stack", "job-dispatch", "--json", "--parameter", "Environment=dev",
             "--parameter", "EnvironmentTypeIndex=99"],
            env=environment, capture_output=True, text=True, timeout=300)
        assert result.returncode == 0, result.stdout + result.stderr
        stack = Stack(aws, json.loads(result.stdout.strip().splitlines()[-1])["outputs"]).load()

        run_id = stack.publish_job("QueueGone")
        stack.publish_job("NoVariables")
        stack.job()

        run = stack.run(run_id, "FAILED")
        assert "QueueDoesNotExist" in run["error"]["S"]
        (message,) = stack.dead()
        record = json.loads(message["Body"])
        assert record["requestContext"]["condition"] == "RetriesExhausted"
        assert record["requestContext"]["approximateInvokeCount"] == 3
        assert record["requestPayload"]["Records"][0]["Sns"]["MessageId"] == run_id
        assert run["attempts"]["N"] == "3"
        stack.expect_empty("DeadLetterQueueUrl")
        stack.expect_empty("ListenerQueueUrl")
    finally:
        server.stop()


# JD-11
def test_replies_finish_the_oldest_run(stack, completions):
    replies = stack.sample("replies.json")
    # Whatever other tests have left waiting is answered first, so that the next run is the oldest.
    waiting = stack.aws("dynamodb").scan(
        TableName=stack.outputs["RunTableName"], FilterExpression="#s = :d AND contains(awaiting, :j)",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":d": {"S": "DISPATCHED"}, ":j": {"S": '"Step1"'}})["Items"]
    for _ in waiting:
        stack.reply(replies["minimal"])
        completions()

    run_id = stack.publish_job("StartEtlProcess")
    stack.job()
    stack.run(run_id, "DISPATCHED")
    stack.reply(replies["success"])
    run = stack.run(run_id, "SUCCEEDED")
    assert run["rowCount"]["N"] == "1250"
    assert "finishedAt" in run
    completion, status = completions()
    assert status == "SUCCEEDED"
    assert completion == {
        "runId": run_id, "jobId": "StartEtlProcess", "jobType": "MatillionQueue", "status": "SUCCEEDED",
        "rowCount": 1250, "message": None, "startTime": 1644853553609, "endTime": 1644853638091,
    }

    older = stack.publish_job("StartEtlProcess")
    stack.run(older, "DISPATCHED")
    newer = stack.publish_job("StartEtlProcess")
    stack.run(newer, "DISPATCHED")
    stack.jobs(2)
    stack.reply(replies["failureGzip"], "FailureQueueUrl")
    run = stack.run(older, "FAILED")
    assert run["message"]["S"] == "Load 0: relation does not exist"
    assert stack.run(newer)["status"]["S"] == "DISPATCHED"
    assert completions()[0]["runId"] == older


def test_a_reply_that_nobody_awaits_is_only_published(stack, completions):
    packed = base64.b64encode(gzip.compress(json.dumps(stack.sample("replies.json")["unmatched"]).encode())).decode()
    stack.reply(packed)
    completion, status = completions()
    assert (completion["runId"], completion["status"], status) == (None, "SUCCEEDED", "SUCCEEDED")


def test_a_reply_that_cannot_be_read_is_set_aside(stack):
    stack.reply("no reply", "FailureQueueUrl")
    (message,) = stack.dead()
    assert message["Body"] == "no reply"
    assert message["MessageAttributes"]["error"]["StringValue"] == "Reply is not a JSON object"


# JD-12
def test_the_key_may_have_another_name(aws, deploy, template):
    outputs = deploy(
        template, "job-dispatch-renamed", {"Environment": "test", "EnvironmentTypeIndex": "98", "HashKeyName": "jobKey"})
    stack = Stack(aws, outputs)
    (row,) = [row for row in stack.sample("config-rows.json") if row["jobId"] == "NoVariables"]
    stack.put({"jobKey": "X", **{key: value for key, value in row.items() if key != "jobId"}})
    run_id = stack.publish({"jobKey": "X"})
    assert json.loads(stack.job()["Body"])["job"] == "Run All Ingest Jobs"
    assert stack.run(run_id, "DISPATCHED")["jobId"]["S"] == "X"


# JD-13, Lambda
def test_a_job_can_be_a_function(stack, aws, hook):
    code = (
        "import json, urllib.request\n"
        "def handler(event, context):\n"
        f"    request = urllib.request.Request('{hook.url}/worker', json.dumps(event).encode(), method='POST')\n"
        "    urllib.request.urlopen(request).read()\n"
    )
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("main.py", code)
    aws("lambda").create_function(
        FunctionName="edw-sample-worker", Runtime="python3.11", Handler="main.handler",
        Role=f"arn:aws:iam::{ACCOUNT}:role/any", Code={"ZipFile": package.getvalue()})
    aws("lambda").get_waiter("function_active_v2").wait(FunctionName="edw-sample-worker")
    try:
        message_id = str(uuid.uuid4())
        first = stack.invoke_broker({"jobId": "RunLambda"}, message_id)
        assert first["status"] == "DISPATCHED"
        assert first["targetId"]
        assert stack.invoke_broker({"jobId": "RunLambda"}, message_id) == first
        eventually(lambda: hook.requests, what="the function's call")
        assert [(path, body) for path, _, body in hook.requests] == [("/worker", {"hello": "world"})]
    finally:
        aws("lambda").delete_function(FunctionName="edw-sample-worker")


# JD-13, Step Functions
def test_a_job_can_be_a_state_machine(stack, aws):
    states = aws("stepfunctions")
    definition = {"StartAt": "Double", "States": {"Double": {
        "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.n * 2 %}", "End": True}}}
    machine = states.create_state_machine(
        name="edw-sample", definition=json.dumps(definition),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/any")["stateMachineArn"]
    try:
        message_id = str(uuid.uuid4())
        first = stack.invoke_broker({"jobId": "RunStateMachine"}, message_id)
        assert first["status"] == "DISPATCHED"
        assert stack.run(first["runId"], "DISPATCHED")["targetId"]["S"] == first["targetId"]
        # Delivered again, it starts no second execution.
        assert stack.invoke_broker({"jobId": "RunStateMachine"}, message_id) == first
        (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
        assert execution["executionArn"] == first["targetId"]
        assert execution["name"] == f"RunStateMachine-{first['runId']}"

        def ended():
            found = states.describe_execution(executionArn=first["targetId"])
            return found if found["status"] != "RUNNING" else None

        assert eventually(ended, what="the execution's end")["output"] == "2"
    finally:
        states.delete_state_machine(stateMachineArn=machine)


# JD-13, Batch
def test_a_job_can_be_a_batch_job(stack, aws):
    batch = aws("batch")
    batch.create_compute_environment(computeEnvironmentName="edw", type="UNMANAGED")
    batch.create_job_queue(
        jobQueueName="edw-queue", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "edw"}])
    batch.register_job_definition(
        jobDefinitionName="edw-definition", type="container", parameters={"seconds": "60"}, containerProperties={
            "image": "host", "command": ["sleep", "Ref::seconds"],
            "resourceRequirements": [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "64"}]})
    message_id = str(uuid.uuid4())
    first = stack.invoke_broker({"jobId": "RunBatch"}, message_id)
    assert first["status"] == "DISPATCHED"
    assert stack.run(first["runId"], "DISPATCHED")["targetId"]["S"] == first["targetId"]
    assert stack.invoke_broker({"jobId": "RunBatch"}, message_id) == first

    def ended():
        (job,) = batch.describe_jobs(jobs=[first["targetId"]])["jobs"]
        return job if job["status"] in ("SUCCEEDED", "FAILED") else None

    job = eventually(ended, what="the job's end")
    assert (job["jobName"], job["status"], job["parameters"]) == ("edw-sample", "SUCCEEDED", {"seconds": "1"})
    jobs = batch.list_jobs(jobQueue="edw-queue", filters=[{"name": "JOB_NAME", "values": ["edw-sample"]}])
    assert [one["jobId"] for one in jobs["jobSummaryList"]] == [first["targetId"]]


# JD-13, HTTP
def test_a_job_can_be_a_request(stack, hook):
    (row,) = [row for row in stack.sample("config-rows.json") if row["jobId"] == "RunHttp"]
    row["config"]["url"] = f"{hook.url}/hook"
    stack.put(row)
    run_id = stack.publish_job("RunHttp")
    assert stack.run(run_id, "DISPATCHED")["targetId"]["S"] == "hook-1"
    ((path, headers, body),) = hook.requests
    assert (path, body) == ("/hook", {"a": 1})
    assert headers["x-token"] == "t"
    assert headers["Idempotency-Key"] == run_id


# JD-14
def test_many_publishes_are_as_many_messages(stack):
    with ThreadPoolExecutor(10) as pool:
        ids = list(pool.map(lambda _: stack.publish_job("NoVariables"), range(50)))
    messages = stack.jobs(50)
    assert sorted(message["Attributes"]["MessageDeduplicationId"] for message in messages) == sorted(ids)
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"edw-ingest-kickoff"}

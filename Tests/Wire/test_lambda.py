"""Lambda as boto3 sees it: functions are local processes."""

import io
import json
import os
import uuid
import zipfile

import botocore.exceptions
import pytest

from conftest import eventually

ROLE = "arn:aws:iam::000000000000:role/any"


def package(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    return buffer.getvalue()


@pytest.fixture
def function(aws):
    made = []

    def make(code, runtime="python3.11", handler="main.handler", file="main.py", **more):
        name = f"f-{uuid.uuid4().hex}"
        aws("lambda").create_function(
            FunctionName=name, Runtime=runtime, Handler=handler, Role=ROLE, Code={"ZipFile": package({file: code})}, **more
        )
        aws("lambda").get_waiter("function_active_v2").wait(FunctionName=name)
        made.append(name)
        return name

    yield make
    for name in made:
        aws("lambda").delete_function(FunctionName=name)


def invoke(aws, name, payload=None, **more):
    answer = aws("lambda").invoke(FunctionName=name, Payload=json.dumps(payload), **more)
    text = answer["Payload"].read()
    return answer, json.loads(text) if text else None


def test_python_gets_its_event_and_context(aws, function):
    name = function(
        "def handler(event, context):\n"
        "    return {'event': event, 'name': context.function_name, 'left': context.get_remaining_time_in_millis() > 0}\n"
    )
    answer, result = invoke(aws, name, {"k": "Zürich"})
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert result == {"event": {"k": "Zürich"}, "name": name, "left": True}


def test_a_bootstrap_speaks_the_runtime_api(aws, function):
    name = function(
        "#!/bin/sh\n"
        "api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation\n"
        "while true; do\n"
        "  headers=$(mktemp)\n"
        "  event=$(curl -s -D $headers $api/next)\n"
        "  id=$(grep -i lambda-runtime-aws-request-id $headers | tr -d '\\r' | cut -d' ' -f2)\n"
        "  curl -s -X POST $api/$id/response -d \"$event\" >/dev/null\n"
        "done\n",
        runtime="provided.al2023", handler="any", file="bootstrap",
    )
    for number in range(3):
        assert invoke(aws, name, {"n": number})[1] == {"n": number}


def test_node_runs_a_handler(aws, function):
    import shutil

    if not shutil.which("node"):
        pytest.skip("no node on this machine")
    name = function("exports.handler = async (event) => ({ doubled: event.n * 2 })", runtime="nodejs20.x", file="main.js")
    assert invoke(aws, name, {"n": 21})[1] == {"doubled": 42}


def test_a_process_stays_warm(aws, function):
    name = function("import os\ndef handler(event, context): return os.getpid()\n")
    assert invoke(aws, name)[1] == invoke(aws, name)[1]


def test_an_exception_is_a_function_error(aws, function):
    name = function("def handler(event, context): raise ValueError('no')\n")
    answer, result = invoke(aws, name)
    assert answer["FunctionError"] == "Unhandled"
    assert (result["errorType"], result["errorMessage"]) == ("ValueError", "no")


def test_the_log_comes_with_the_answer_and_to_its_group(aws, function):
    import base64

    name = function("def handler(event, context): print('hello log'); return 1\n")
    answer, _ = invoke(aws, name, LogType="Tail")
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert "START RequestId:" in tail and "hello log" in tail and "REPORT RequestId:" in tail

    def events():
        try:
            return aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern="hello")["events"]
        except aws("logs").exceptions.ResourceNotFoundException:
            return None

    logs = eventually(events)
    assert logs[0]["message"].strip().endswith("hello log")


def test_a_function_that_never_ends_is_killed_with_all_its_children(aws, function, tmp_path):
    marker = tmp_path / "pids"
    name = function(
        "import os, subprocess, time\n"
        "def handler(event, context):\n"
        "    child = subprocess.Popen(['sleep', '1000'])\n"
        f"    open({str(marker)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "    time.sleep(1000)\n",
        Timeout=1,
    )
    answer, result = invoke(aws, name)
    assert answer["FunctionError"] == "Unhandled"
    assert "Task timed out after 1.00 seconds" in result["errorMessage"]

    def running(pid):
        try:
            return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] not in "ZX"
        except FileNotFoundError:
            return False

    eventually(lambda: not any(running(pid) for pid in marker.read_text().split()), what="the end of the process group")


def test_floods_of_output_and_dead_processes_are_bounded(aws, function):
    name = function(
        "import os\n"
        "def handler(event, context):\n"
        "    if event == 'die': os._exit(3)\n"
        "    for _ in range(200_000): print('x' * 100)\n"
        "    return 'alive'\n",
        Timeout=60,
    )
    assert invoke(aws, name)[1] == "alive"
    answer, result = invoke(aws, name, "die")
    assert answer["FunctionError"] == "Unhandled" and result["errorType"] == "Runtime.ExitError"
    assert invoke(aws, name)[1] == "alive"


def test_side_by_side_invocations_have_processes_of_their_own(aws, function, baton):
    import threading

    name = function("import os, time\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()\n")
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(json.loads(baton.client("lambda").invoke(FunctionName=name)["Payload"].read())))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 3


def test_a_queue_feeds_a_function(aws, function):
    sqs = aws("sqs")
    target = sqs.create_queue(QueueName=f"out-{uuid.uuid4().hex}")["QueueUrl"]
    source = sqs.create_queue(QueueName=f"in-{uuid.uuid4().hex}", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    name = function(
        "import json, os, urllib.request\n"
        "def handler(event, context):\n"
        "    for record in event['Records']:\n"
        "        body = json.dumps({'QueueUrl': os.environ['TARGET'], 'MessageBody': record['body'] + ' from ' + record['eventSourceARN']})\n"
        "        urllib.request.urlopen(urllib.request.Request(os.environ['AWS_ENDPOINT_URL'], body.encode(), {\n"
        "            'X-Amz-Target': 'AmazonSQS.SendMessage', 'Content-Type': 'application/x-amz-json-1.0'}))\n",
        Environment={"Variables": {"TARGET": target}},
    )
    mapping = aws("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=name, BatchSize=5)
    sqs.send_message(QueueUrl=source, MessageBody="hello")
    (message,) = sqs.receive_message(QueueUrl=target, WaitTimeSeconds=15)["Messages"]
    assert message["Body"] == f"hello from {arn}"
    eventually(
        lambda: sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "0"
    )
    aws("lambda").delete_event_source_mapping(UUID=mapping["UUID"])


def test_an_asynchronous_call_that_succeeds_reaches_its_destination(aws, function):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=f"done-{uuid.uuid4().hex}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    name = function("def handler(event, context): return 'done'\n")
    aws("lambda").put_function_event_invoke_config(FunctionName=name, DestinationConfig={"OnSuccess": {"Destination": arn}})
    assert aws("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=b'{"a":1}')["StatusCode"] == 202
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=15)["Messages"]
    record = json.loads(message["Body"])
    assert (record["requestPayload"], record["responsePayload"], record["requestContext"]["condition"]) == ({"a": 1}, "done", "Success")


@pytest.mark.parametrize("entry", ["../escape.py", "/tmp/escape-absolute.py", "a/../../escape.py"])
def test_a_zip_file_does_not_leave_its_folder(aws, baton, entry):
    name = f"f-{uuid.uuid4().hex}"
    code = package({"main.py": "def handler(event, context): return 1\n", entry: "escaped = True\n"})
    try:
        aws("lambda").create_function(FunctionName=name, Runtime="python3.11", Handler="main.handler", Role=ROLE, Code={"ZipFile": code})
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in ("InvalidParameterValueException", "InvalidZipFileException")
    escaped = [path for path in baton.folder.rglob("escape*.py") if name not in str(path)]
    assert not escaped and not os.path.exists("/tmp/escape-absolute.py")


@pytest.mark.parametrize(
    "arguments, code",
    [
        ({"Runtime": "cobol1"}, "InvalidParameterValueException"),
        ({"Runtime": "python3.11", "Timeout": 901}, "ValidationException"),
        ({"Runtime": "python3.11", "MemorySize": 99999}, "ValidationException"),
    ],
)
def test_errors_are_those_of_aws(aws, arguments, code):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        aws("lambda").create_function(FunctionName="x", Role=ROLE, Handler="h.h", Code={"ZipFile": package({"h.py": ""})}, **arguments)
    assert caught.value.response["Error"]["Code"] == code


def test_an_absent_function_is_named(aws):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        aws("lambda").invoke(FunctionName="absent")
    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException", "Message": "Function not found: arn:aws:lambda:us-east-1:000000000000:function:absent",
    }

"""A state machine for each integration of tasks, through boto3."""

import http.server
import io
import json
import threading
import uuid
import zipfile

import pytest

from conftest import eventually

ROLE = "arn:aws:iam::000000000000:role/states"
OPTIMIZED = "arn:aws:states:::"


@pytest.fixture
def states(baton):
    return baton.client("stepfunctions")


@pytest.fixture
def run(states):
    """Runs a machine of one task (or a whole definition) to its end."""

    def run(resource, parameters=None, input=None, **more):
        definition = resource
        if isinstance(resource, str):
            state = {"Type": "Task", "Resource": resource if resource.startswith("arn:") else OPTIMIZED + resource,
                     "End": True, **more}
            if parameters is not None:
                state["Parameters"] = parameters
            definition = {"StartAt": "S", "States": {"S": state}}
        machine = states.create_state_machine(
            name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine, input=json.dumps(input or {}))["executionArn"]
        return Execution(states, execution)

    return run


class Execution:
    def __init__(self, states, arn):
        self.states, self.arn = states, arn

    def end(self):
        def ended():
            description = self.states.describe_execution(executionArn=self.arn)
            return description if description["status"] != "RUNNING" else None

        return eventually(ended, 30, "the end of the execution")

    def output(self):
        description = self.end()
        assert description["status"] == "SUCCEEDED", description
        return json.loads(description["output"])

    def error(self):
        description = self.end()
        assert description["status"] == "FAILED", description
        return description["error"], description.get("cause")

    def events(self):
        return self.states.get_execution_history(executionArn=self.arn, maxResults=1000)["events"]

    def types(self):
        return [event["type"] for event in self.events()]


@pytest.fixture
def queue(baton):
    return baton.client("sqs").create_queue(QueueName=f"q-{uuid.uuid4()}")["QueueUrl"]


def received(baton, queue):
    return baton.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]["Body"]


def test_sqs(baton, run, queue):
    execution = run("sqs:sendMessage", {"QueueUrl": queue, "MessageBody.$": "$"}, {"a": 1})
    output = execution.output()
    assert output["SdkHttpMetadata"]["HttpStatusCode"] == 200 and len(output["MessageId"]) == 36
    assert json.loads(received(baton, queue)) == {"a": 1}
    assert execution.types()[2:5] == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]


def test_token(baton, states, run, queue):
    execution = run(
        "sqs:sendMessage.waitForTaskToken", {"QueueUrl": queue, "MessageBody": {"token.$": "$$.Task.Token"}})
    token = json.loads(received(baton, queue))["token"]
    states.send_task_heartbeat(taskToken=token)
    states.send_task_success(taskToken=token, output='{"by": "hand"}')
    assert execution.output() == {"by": "hand"}
    assert execution.types()[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_sns(baton, run, queue):
    topic = baton.client("sns").create_topic(Name=f"t-{uuid.uuid4()}")["TopicArn"]
    arn = baton.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    baton.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    assert "MessageId" in run("sns:publish", {"TopicArn": topic, "Message": {"k": "v"}}).output()
    assert json.loads(received(baton, queue)) == {"k": "v"}
    error, cause = run("sns:publish", {"TopicArn": topic + "x", "Message": "m"}).error()
    assert error == "SNS.NotFoundException" and "Error Code: NotFound" in cause


def test_dynamodb(baton, run):
    table = f"t-{uuid.uuid4()}"
    baton.client("dynamodb").create_table(
        TableName=table, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    key = {"TableName": table, "Key": {"id": {"S": "1"}}}
    run("dynamodb:putItem", {"TableName": table, "Item": {"id": {"S": "1"}, "n": {"N": "1"}}}).output()
    run("dynamodb:updateItem", {**key, "UpdateExpression": "ADD n :one",
                                "ExpressionAttributeValues": {":one": {"N": "1"}}}).output()
    assert run("dynamodb:getItem", key).output()["Item"]["n"] == {"N": "2"}
    run("dynamodb:deleteItem", key).output()
    assert "Item" not in run("aws-sdk:dynamodb:getItem", key).output()


def test_eventbridge(baton, run, queue):
    events = baton.client("events")
    source = f"s-{uuid.uuid4()}"
    arn = baton.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=source, Targets=[{"Id": "q", "Arn": arn}])
    execution = run(
        "events:putEvents", {"Entries": [{"Source": source, "DetailType": "t", "Detail": {"n": 1}}]})
    assert execution.output()["FailedEntryCount"] == 0
    event = json.loads(received(baton, queue))
    assert event["detail"] == {"n": 1} and execution.arn in event["resources"]


FUNCTION = """
def handler(event, context):
    if event.get("fail"):
        raise ValueError(event["fail"])
    return {"got": event}
"""


@pytest.fixture(scope="module")
def function(baton):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", FUNCTION)
    return baton.client("lambda").create_function(
        FunctionName=f"f-{uuid.uuid4()}", Runtime="python3.12", Handler="app.handler", Role=ROLE,
        Code={"ZipFile": code.getvalue()})["FunctionArn"]


def test_function(run, function):
    execution = run(function, input={"a": 1})
    assert execution.output() == {"got": {"a": 1}}
    assert execution.types()[2:5] == ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"]
    error, cause = run(function, input={"fail": "why"}).error()
    assert error == "ValueError" and json.loads(cause)["errorMessage"] == "why"


def test_lambda_invoke(run, function):
    output = run("lambda:invoke", {"FunctionName": function, "Payload.$": "$"}, {"a": 1}).output()
    assert output["Payload"] == {"got": {"a": 1}} and output["StatusCode"] == 200
    error, cause = run("lambda:invoke", {"FunctionName": function + "-none", "Payload": {}}).error()
    assert error == "Lambda.ResourceNotFoundException" and "Status Code: 404" in cause


CHILD = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"x": 1}, "End": True}}}


@pytest.mark.parametrize("pattern, output", [(".sync", '{"x":1}'), (".sync:2", {"x": 1})])
def test_nested(states, run, pattern, output):
    child = states.create_state_machine(
        name=f"c-{uuid.uuid4()}", definition=json.dumps(CHILD), roleArn=ROLE)["stateMachineArn"]
    execution = run(
        f"states:startExecution{pattern}",
        {"StateMachineArn": child, "Input": {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}})
    assert execution.output()["Output"] == output
    assert execution.types()[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_activity(states, run):
    activity = states.create_activity(name=f"a-{uuid.uuid4()}")["activityArn"]
    execution = run(activity, input={"work": 1})
    task = states.get_activity_task(activityArn=activity, workerName="w")
    assert json.loads(task["input"]) == {"work": 1}
    states.send_task_failure(taskToken=task["taskToken"], error="Tired", cause="late")
    assert execution.error() == ("Tired", "late")


class Endpoint(http.server.BaseHTTPRequestHandler):
    requests = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.requests.append((self.path, dict(self.headers), body))
        status = 429 if "busy" in self.path else 200
        answer = json.dumps({"path": self.path}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_http(baton, run, web):
    connection = baton.client("events").create_connection(
        Name=f"c-{uuid.uuid4()}"[:40], AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "secret"}})["ConnectionArn"]
    call = {"ApiEndpoint": web + "/orders", "Method": "POST", "RequestBody": {"n": 1},
            "QueryParameters": {"a": "1 2"}, "Authentication": {"ConnectionArn": connection}}
    output = run("http:invoke", call).output()
    assert output["StatusCode"] == 200 and output["ResponseBody"] == {"path": "/orders?a=1%202"}
    path, headers, body = Endpoint.requests[-1]
    assert headers["x-key"] == "secret" and json.loads(body) == {"n": 1}
    error, _ = run("http:invoke", {**call, "ApiEndpoint": web + "/busy"}).error()
    assert error == "States.Http.StatusCode.429"


def test_api_gateway(run, web):
    output = run("apigateway:invoke", {
        "ApiEndpoint": web, "Method": "POST", "Stage": "prod", "Path": "/x", "RequestBody": {"a": None}}).output()
    assert output["ResponseBody"] == {"path": "/prod/x"} and output["StatusText"] == "OK"
    error, _ = run("apigateway:invoke", {"ApiEndpoint": web, "Method": "POST", "Path": "/busy"}).error()
    assert error == "ApiGateway.429"


def test_sdk_s3(baton, run):
    bucket = f"b-{uuid.uuid4()}"
    run("aws-sdk:s3:createBucket", {"Bucket": bucket}).output()
    run("aws-sdk:s3:putObject", {"Bucket": bucket, "Key": "k", "Body": {"a": 1}}).output()
    assert run("aws-sdk:s3:getObject", {"Bucket": bucket, "Key": "k"}).output()["Body"] == '{"a":1}'
    assert run("aws-sdk:s3:getObject", {"Bucket": bucket, "Key": "none"}).error()[0] == "S3.NoSuchKeyException"
    listed = run("aws-sdk:s3:listObjectsV2", {"Bucket": bucket}).output()
    assert [item["Key"] for item in listed["Contents"]] == ["k"]


def test_distributed_map(baton, run):
    bucket = f"b-{uuid.uuid4()}"
    s3 = baton.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in.jsonl", Body=b'{"n": 1}\n{"n": 2}\n{"n": 3}\n')
    output = run({"StartAt": "M", "States": {"M": {
        "Type": "Map", "End": True,
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"},
                       "Parameters": {"Bucket": bucket, "Key": "in.jsonl"}},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P",
                          "States": {"P": {"Type": "Pass", "End": True}}},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
                         "Parameters": {"Bucket": bucket, "Prefix": "out"}},
    }}}).output()
    manifest = json.load(s3.get_object(Bucket=bucket, Key=output["ResultWriterDetails"]["Key"])["Body"])
    files = [file["Key"] for file in manifest["ResultFiles"]["SUCCEEDED"]]
    results = [json.loads(one["Output"]) for file in files
               for one in json.load(s3.get_object(Bucket=bucket, Key=file)["Body"])]
    assert results == [{"Items": [{"n": 1}, {"n": 2}]}, {"Items": [{"n": 3}]}]


def test_services_that_are_not_here(run):
    error, cause = run("athena:startQueryExecution.sync", {"QueryString": "select 1"}).error()
    assert error == "Athena.ServiceUnavailableException" and "is not available" in cause


def test_definitions_are_refused(states):
    for resource, parameters, message in [
        ("sqs:sendMessage", {"QueueUrl": "q"}, "The field 'MessageBody' is required but was missing"),
        ("sqs:sendMessage", {"QueueUrl": "q", "MessageBody": "m", "X": 1}, 'The field "X" is not supported'),
        ("dynamodb:query", {}, "is not recognized"),
        ("aws-sdk:sqs:noSuch", {}, "is not recognized"),
    ]:
        state = {"Type": "Task", "Resource": OPTIMIZED + resource, "Parameters": parameters, "End": True}
        with pytest.raises(states.exceptions.InvalidDefinition, match=message):
            states.create_state_machine(
                name=f"m-{uuid.uuid4()}", roleArn=ROLE,
                definition=json.dumps({"StartAt": "S", "States": {"S": state}}))

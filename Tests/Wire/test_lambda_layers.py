"""Layers, URLs and what is kept beside functions, as boto3 and a browser see them."""

import io
import json
import urllib.error
import urllib.request
import uuid
import zipfile

import botocore.exceptions
import pytest

ROLE = "arn:aws:iam::000000000000:role/any"


def package(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.fixture
def create(aws):
    made = []

    def create(code, **more):
        name = f"f-{uuid.uuid4().hex}"
        aws("lambda").create_function(
            FunctionName=name, Runtime="python3.11", Handler="main.handler", Role=ROLE,
            Code={"ZipFile": package({"main.py": code})}, **more)
        made.append(name)
        return name

    yield create
    for name in made:
        aws("lambda").delete_function(FunctionName=name)


@pytest.fixture
def layer(aws):
    def publish(name, files, **more):
        return aws("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": package(files)}, **more)

    return publish


def invoke(aws, name, **more):
    return json.loads(aws("lambda").invoke(FunctionName=name, **more)["Payload"].read())


def test_functions_find_their_layers_where_opt_would_be(aws, create, layer):
    name = f"l-{uuid.uuid4().hex}"
    first = layer(name, {"python/greeting.py": "TEXT = 'first'", "python/only.py": "TEXT = 'only'"})
    second = layer(f"{name}-2", {"python/lib/python3.11/site-packages/other.py": "", "python/greeting.py": "TEXT = 'later'"})
    code = "import greeting, only, other\ndef handler(event, context): return [greeting.TEXT, only.TEXT]"
    function = create(code, Layers=[first["LayerVersionArn"], second["LayerVersionArn"]])
    assert invoke(aws, function) == ["later", "only"]
    shown = aws("lambda").get_function_configuration(FunctionName=function)["Layers"]
    assert shown == [{"Arn": made["LayerVersionArn"], "CodeSize": made["Content"]["CodeSize"]} for made in (first, second)]
    aws("lambda").delete_layer_version(LayerName=name, VersionNumber=1)
    assert invoke(aws, function) == ["later", "only"]
    aws("lambda").update_function_configuration(FunctionName=function, Layers=[])
    assert "Layers" not in aws("lambda").get_function_configuration(FunctionName=function)
    assert invoke(aws, function)["errorType"] == "Runtime.ImportModuleError"


def test_versions_of_layers_are_published_listed_and_deleted(aws, layer):
    client = aws("lambda")
    name = f"l-{uuid.uuid4().hex}"
    made = layer(name, {"python/a.py": "1"}, Description="one", CompatibleRuntimes=["python3.11"], LicenseInfo="MIT")
    assert made["Version"] == 1
    assert made["LayerArn"] == f"arn:aws:lambda:us-east-1:000000000000:layer:{name}"
    assert made["LayerVersionArn"] == made["LayerArn"] + ":1"
    layer(name, {"python/a.py": "2"}, CompatibleRuntimes=["nodejs20.x"], CompatibleArchitectures=["arm64"])
    versions = client.list_layer_versions(LayerName=name)["LayerVersions"]
    assert [version["Version"] for version in versions] == [2, 1]
    matching = client.list_layer_versions(LayerName=name, CompatibleRuntime="python3.11")["LayerVersions"]
    assert [version["Version"] for version in matching] == [1]
    listed = [entry for entry in client.list_layers()["Layers"] if entry["LayerName"] == name]
    assert listed[0]["LatestMatchingVersion"]["Version"] == 2
    got = client.get_layer_version_by_arn(Arn=made["LayerVersionArn"])
    assert (got["Description"], got["LicenseInfo"], got["Content"]["CodeSha256"]) == ("one", "MIT", made["Content"]["CodeSha256"])
    client.delete_layer_version(LayerName=name, VersionNumber=2)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_layer_version(LayerName=name, VersionNumber=2)
    assert layer(name, {"python/a.py": "3"})["Version"] == 3


def test_layer_versions_have_policies(aws, layer):
    client = aws("lambda")
    name = f"l-{uuid.uuid4().hex}"
    layer(name, {"python/a.py": "1"})
    given = {"LayerName": name, "VersionNumber": 1}
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_layer_version_policy(**given)
    client.add_layer_version_permission(**given, StatementId="all", Action="lambda:GetLayerVersion", Principal="*")
    policy = json.loads(client.get_layer_version_policy(**given)["Policy"])
    assert policy["Statement"][0]["Resource"] == f"arn:aws:lambda:us-east-1:000000000000:layer:{name}:1"
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.add_layer_version_permission(**given, StatementId="all", Action="lambda:GetLayerVersion", Principal="*")
    client.remove_layer_version_permission(**given, StatementId="all")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_layer_version_policy(**given)


def test_unknown_layers_are_refused(aws, create, layer):
    arn = "arn:aws:lambda:us-east-1:000000000000:layer:absent:1"
    with pytest.raises(botocore.exceptions.ClientError, match=f"Layer version {arn} does not exist."):
        create("", Layers=[arn])
    made = layer(f"l-{uuid.uuid4().hex}", {"a": ""})
    with pytest.raises(botocore.exceptions.ClientError, match="Two different versions of the same layer"):
        create("", Layers=[made["LayerVersionArn"], made["LayerArn"] + ":2"])


ECHO = """
def handler(event, context):
    if event["rawPath"] == "/plain":
        return {"path": event["rawPath"]}
    if event["rawPath"] == "/fail":
        raise ValueError("no")
    http = event["requestContext"]["http"]
    return {"statusCode": 201, "headers": {"X-Seen": http["method"]}, "cookies": ["a=1", "b=2"],
            "body": "|".join([event["rawPath"], event["rawQueryString"], event.get("body", ""),
                              event["headers"].get("x-in", ""), ",".join(event.get("cookies", []))])}
"""


def fetch(url, **more):
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, **more))
    except urllib.error.HTTPError as error:
        response = error
    return response.status, response.headers, response.read().decode()


def test_a_function_answers_at_its_url(aws, create):
    client = aws("lambda")
    name = create(ECHO)
    made = client.create_function_url_config(FunctionName=name, AuthType="NONE", Cors={"AllowOrigins": ["*"]})

    url = made["FunctionUrl"]
    status, headers, body = fetch(
        url + "a/b?x=1&y=2", method="PUT", data=b"hello",
        headers={"Content-Type": "text/plain", "X-In": "in", "Cookie": "c=3; d=4", "Origin": "http://there"})
    assert (status, headers["X-Seen"], body) == (201, "PUT", "/a/b|x=1&y=2|hello|in|c=3,d=4")
    assert headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert fetch(url + "plain")[::2] == (200, '{"path": "/plain"}')
    assert fetch(url + "fail")[0] == 502
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    assert fetch(url)[0] == 429
    client.update_function_url_config(FunctionName=name, AuthType="AWS_IAM")
    assert fetch(url)[0] == 403
    assert client.get_function_url_config(FunctionName=name)["AuthType"] == "AWS_IAM"
    assert len(client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]) == 1
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.create_function_url_config(FunctionName=name, AuthType="NONE")
    client.delete_function_url_config(FunctionName=name)
    assert fetch(url)[0] == 403


def test_an_answer_comes_as_a_stream(aws, create):
    name = create("def handler(event, context):\n    print('seen')\n    return 'x' * 100000 if event else 1 / 0")
    answer = aws("lambda").invoke_with_response_stream(FunctionName=name, Payload="{\"a\": 1}", LogType="Tail")
    events = list(answer["EventStream"])
    assert b"".join(event["PayloadChunk"]["Payload"] for event in events[:-1]) == b'"' + b"x" * 100000 + b'"'
    assert len(events) == 3
    assert "LogResult" in events[-1]["InvokeComplete"]
    failed = list(aws("lambda").invoke_with_response_stream(FunctionName=name, Payload="{}")["EventStream"])
    assert failed[-1]["InvokeComplete"]["ErrorCode"] == "Unhandled"
    assert json.loads(failed[-1]["InvokeComplete"]["ErrorDetails"])["errorType"] == "ZeroDivisionError"


def test_what_is_kept_beside_a_function(aws, create):
    client = aws("lambda")
    name = create("def handler(event, context): return 1", Publish=True)
    with pytest.raises(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
        client.get_provisioned_concurrency_config(FunctionName=name, Qualifier="1")
    client.put_provisioned_concurrency_config(FunctionName=name, Qualifier="1", ProvisionedConcurrentExecutions=3)
    got = client.get_provisioned_concurrency_config(FunctionName=name, Qualifier="1")
    assert (got["Status"], got["AvailableProvisionedConcurrentExecutions"]) == ("READY", 3)
    listed = client.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"]
    assert listed[0]["FunctionArn"].endswith(f":{name}:1")
    client.delete_provisioned_concurrency_config(FunctionName=name, Qualifier="1")
    assert client.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"] == []
    assert client.get_function_recursion_config(FunctionName=name)["RecursiveLoop"] == "Terminate"
    client.put_function_recursion_config(FunctionName=name, RecursiveLoop="Allow")
    assert client.get_function_recursion_config(FunctionName=name)["RecursiveLoop"] == "Allow"
    client.put_runtime_management_config(FunctionName=name, UpdateRuntimeOn="FunctionUpdate")
    assert client.get_runtime_management_config(FunctionName=name)["UpdateRuntimeOn"] == "FunctionUpdate"

"""The Parameter Store as boto3, the AWS CLI and templates see it."""

import datetime
import json
import subprocess
import uuid

import botocore.exceptions
import pytest

from conftest import eventually

ROLE = "arn:aws:iam::000000000000:role/r"


@pytest.fixture
def ssm(aws):
    return aws("ssm")


@pytest.fixture
def root():
    return f"/wire-{uuid.uuid4().hex}"


def test_a_parameter_and_its_versions(ssm, root):
    name = f"{root}/host"
    assert ssm.put_parameter(Name=name, Value="a", Type="String", Tags=[{"Key": "k", "Value": "v"}])["Version"] == 1
    with pytest.raises(ssm.exceptions.ParameterAlreadyExists):
        ssm.put_parameter(Name=name, Value="b", Type="String")
    assert ssm.put_parameter(Name=name, Value="b", Overwrite=True)["Version"] == 2
    ssm.label_parameter_version(Name=name, ParameterVersion=1, Labels=["old"])
    parameter = ssm.get_parameter(Name=name)["Parameter"]
    assert (parameter["Value"], parameter["Version"]) == ("b", 2)
    assert isinstance(parameter["LastModifiedDate"], datetime.datetime)
    assert parameter["ARN"] == f"arn:aws:ssm:us-east-1:000000000000:parameter{name}"
    assert ssm.get_parameter(Name=f"{name}:old")["Parameter"]["Value"] == "a"
    assert ssm.get_parameter(Name=f"{name}:1")["Parameter"]["Selector"] == ":1"
    history = ssm.get_parameter_history(Name=name)["Parameters"]
    assert [(version["Value"], version["Labels"]) for version in history] == [("a", ["old"]), ("b", [])]
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"] == [{"Key": "k", "Value": "v"}]
    ssm.delete_parameter(Name=name)
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=name)


def test_a_hierarchy(ssm, root):
    for index in range(12):
        ssm.put_parameter(Name=f"{root}/a/{index}", Value=str(index), Type="String")
    ssm.put_parameter(Name=f"{root}/secret", Value="hidden", Type="SecureString")
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=root, Recursive=True, WithDecryption=True)
    values = {p["Name"]: p["Value"] for page in pages for p in page["Parameters"]}
    assert len(values) == 13 and values[f"{root}/secret"] == "hidden"
    (only,) = ssm.get_parameters_by_path(Path=root)["Parameters"]
    assert only["Value"] != "hidden"
    described = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Path", "Option": "Recursive", "Values": [root]}, {"Key": "Type", "Values": ["SecureString"]}])
    assert [(p["Name"], p["KeyId"]) for p in described["Parameters"]] == [(f"{root}/secret", "alias/aws/ssm")]
    answer = ssm.get_parameters(Names=[f"{root}/a/1", f"{root}/none"])
    assert [p["Value"] for p in answer["Parameters"]] == ["1"]
    assert answer["InvalidParameters"] == [f"{root}/none"]


def test_a_secret_as_a_parameter(aws, ssm):
    name = f"wire-{uuid.uuid4().hex}"
    aws("secretsmanager").create_secret(Name=name, SecretString="hidden")
    reference = f"/aws/reference/secretsmanager/{name}"
    assert ssm.get_parameter(Name=reference, WithDecryption=True)["Parameter"]["Value"] == "hidden"


def test_the_cli(environment, root):
    def cli(*words):
        result = subprocess.run(["aws", "ssm", *words], env=environment, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout) if result.stdout else {}

    name = f"{root}/cli"
    cli("put-parameter", "--name", name, "--value", "a,b", "--type", "StringList")
    assert cli("get-parameter", "--name", name)["Parameter"]["Value"] == "a,b"
    listed = cli("describe-parameters", "--parameter-filters", f"Key=Name,Option=BeginsWith,Values={root}")
    assert [p["Type"] for p in listed["Parameters"]] == ["StringList"]
    cli("delete-parameter", "--name", name)


TEMPLATE = """
Parameters:
  Value: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: ROOT/size}
  Listed: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: ROOT/list}
  Named: {Type: 'AWS::SSM::Parameter::Name', Default: ROOT/size}
Resources:
  Named1:
    Type: AWS::SSM::Parameter
    Properties: {Name: ROOT/made, Type: String, Value: !Ref Value, Description: d, Tags: {a: b}}
  Unnamed:
    Type: AWS::SSM::Parameter
    Properties: {Type: StringList, Value: !Join ['-', !Ref Listed]}
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: Named1
    Properties:
      DelaySeconds: '{{resolve:ssm:ROOT/size:1}}'
      VisibilityTimeout: !Ref Stored
      Tags: [{Key: secure, Value: 'it is {{resolve:ssm-secure:ROOT/secure}}!'}]
Outputs:
  Queue: {Value: !Ref Queue}
  Unnamed: {Value: !Ref Unnamed}
  Named: {Value: !Ref Named}
  Made: {Value: !GetAtt Named1.Value}
"""


def test_a_stack_of_parameters(aws, ssm, deploy, root, tmp_path):
    ssm.put_parameter(Name=f"{root}/size", Value="7", Type="String")
    ssm.put_parameter(Name=f"{root}/list", Value="x,y", Type="StringList")
    ssm.put_parameter(Name=f"{root}/secure", Value="hidden", Type="SecureString")
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.replace("ROOT", root))
    stack = f"parameters-{uuid.uuid4().hex[:12]}"
    outputs = deploy(path, stack, {"Value": "first"})
    assert outputs["Made"] == "first" and outputs["Named"] == f"{root}/size"
    assert outputs["Unnamed"].startswith("CFN-Unnamed-")
    assert ssm.get_parameter(Name=outputs["Unnamed"])["Parameter"]["Value"] == "x-y"
    queue = aws("sqs").get_queue_attributes(QueueUrl=outputs["Queue"], AttributeNames=["All"])["Attributes"]
    assert (queue["DelaySeconds"], queue["VisibilityTimeout"]) == ("7", "7")
    assert aws("sqs").list_queue_tags(QueueUrl=outputs["Queue"])["Tags"]["secure"] == "it is hidden!"
    # What a stack shows is the reference, never the value.
    template = aws("cloudformation").get_template(StackName=stack)["TemplateBody"]
    assert "{{resolve:ssm-secure:" in str(template)
    outputs = deploy(path, stack, {"Value": "second"})
    assert ssm.get_parameter(Name=f"{root}/made")["Parameter"]["Value"] == "second"
    aws("cloudformation").delete_stack(StackName=stack)
    aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=f"{root}/made")


@pytest.mark.parametrize("reference, reason", [
    ("{{resolve:ssm:/none}}", "cannot be found"),
    ("{{resolve:secretsmanager:none}}", "Secrets Manager can't find the specified secret."),
    ("{{resolve:other:none}}", "Incorrect format is used in the following dynamic reference"),
])
def test_a_reference_to_nothing_fails_the_resource(aws, reference, reason):
    stack = f"broken-{uuid.uuid4().hex[:12]}"
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {
        "Tags": [{"Key": "k", "Value": reference}]}}}}
    client = aws("cloudformation")
    client.create_stack(StackName=stack, TemplateBody=json.dumps(template), OnFailure="DO_NOTHING")
    with pytest.raises(botocore.exceptions.WaiterError):
        client.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    reasons = [event.get("ResourceStatusReason", "") for event in client.describe_stack_events(StackName=stack)["StackEvents"]]
    assert any(reason in text for text in reasons), reasons
    client.delete_stack(StackName=stack)


def test_a_state_machine_reads_a_parameter(aws, ssm, root):
    ssm.put_parameter(Name=f"{root}/p", Value="v", Type="String")
    definition = {"StartAt": "S", "States": {"S": {
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter", "Parameters": {"Name": f"{root}/p"},
        "ResultSelector": {"value.$": "$.Parameter.Value"}, "End": True}}}
    states = aws("stepfunctions")
    machine = states.create_state_machine(
        name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    ended = eventually(
        lambda: (d := states.describe_execution(executionArn=execution))["status"] != "RUNNING" and d, what="the end")
    assert json.loads(ended["output"]) == {"value": "v"}

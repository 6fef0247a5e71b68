"""Secrets Manager as boto3, the AWS CLI and templates see it."""

import datetime
import io
import json
import subprocess
import urllib.error
import urllib.request
import uuid
import zipfile

import botocore.exceptions
import pytest

from conftest import eventually

ROLE = "arn:aws:iam::000000000000:role/r"
ROTATE = """
import boto3

def handler(event, context):
    secrets = boto3.client("secretsmanager")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
    assert "AWSPENDING" in stages[token], stages
    if step == "createSecret":
        try:
            secrets.get_secret_value(SecretId=secret, VersionId=token, VersionStage="AWSPENDING")
        except secrets.exceptions.ResourceNotFoundException:
            password = secrets.get_random_password(ExcludePunctuation=True)["RandomPassword"]
            secrets.put_secret_value(
                SecretId=secret, ClientRequestToken=token, SecretString=password, VersionStages=["AWSPENDING"])
    elif step == "finishSecret":
        current = next(version for version in stages if "AWSCURRENT" in stages[version])
        secrets.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current)
"""


@pytest.fixture
def secrets(aws):
    return aws("secretsmanager")


@pytest.fixture
def name():
    return f"wire/{uuid.uuid4().hex}"


@pytest.fixture
def rotation(aws):
    """The ARN of a function that rotates secrets."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", ROTATE)
    return aws("lambda").create_function(
        FunctionName=f"rotate-{uuid.uuid4().hex}", Runtime="python3.11", Handler="main.handler", Role=ROLE, Timeout=60,
        Code={"ZipFile": buffer.getvalue()})["FunctionArn"]


def test_a_secret_and_its_versions(secrets, name):
    made = secrets.create_secret(Name=name, SecretString="v1", Description="d", Tags=[{"Key": "k", "Value": "v"}])
    assert made["ARN"].startswith(f"arn:aws:secretsmanager:us-east-1:000000000000:secret:{name}-")
    second = secrets.put_secret_value(SecretId=made["ARN"], SecretString="v2")
    assert second["VersionStages"] == ["AWSCURRENT"]
    assert secrets.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")["SecretString"] == "v1"
    got = secrets.get_secret_value(SecretId=made["ARN"][:-7])
    assert (got["SecretString"], got["VersionId"]) == ("v2", second["VersionId"])
    assert isinstance(got["CreatedDate"], datetime.datetime)
    described = secrets.describe_secret(SecretId=name)
    assert described["VersionIdsToStages"] == {made["VersionId"]: ["AWSPREVIOUS"], second["VersionId"]: ["AWSCURRENT"]}
    assert described["Tags"] == [{"Key": "k", "Value": "v"}]
    pages = secrets.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [name]}])
    assert [entry["ARN"] for page in pages for entry in page["SecretList"]] == [made["ARN"]]
    values = secrets.batch_get_secret_value(SecretIdList=[name, "none"])
    assert [value["SecretString"] for value in values["SecretValues"]] == ["v2"]
    assert [error["ErrorCode"] for error in values["Errors"]] == ["ResourceNotFoundException"]
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    with pytest.raises(secrets.exceptions.ResourceNotFoundException, match="can't find the specified secret"):
        secrets.get_secret_value(SecretId=name)


def test_binary_values(secrets, name):
    secrets.create_secret(Name=name, SecretBinary=b"\x00\xff")
    assert secrets.get_secret_value(SecretId=name)["SecretBinary"] == b"\x00\xff"


def test_a_deletion_and_its_return(secrets, name):
    secrets.create_secret(Name=name, SecretString="v")
    date = secrets.delete_secret(SecretId=name, RecoveryWindowInDays=7)["DeletionDate"]
    assert 6.9 < (date - datetime.datetime.now(datetime.UTC)).total_seconds() / 86400 < 7.1
    with pytest.raises(secrets.exceptions.InvalidRequestException, match="marked for deletion"):
        secrets.get_secret_value(SecretId=name)
    secrets.restore_secret(SecretId=name)
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "v"


def test_a_request_without_a_token_is_refused(endpoint):
    """SDKs always make one up; this is what AWS says to who does not."""
    request = urllib.request.Request(
        endpoint, data=json.dumps({"Name": "no-token", "SecretString": "x"}).encode(),
        headers={"X-Amz-Target": "secretsmanager.CreateSecret", "Content-Type": "application/x-amz-json-1.1",
                 "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/secretsmanager/aws4_request, "
                                  "SignedHeaders=host, Signature=x"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    body = json.loads(error.value.read())
    assert error.value.code == 400
    assert body["__type"].endswith("InvalidRequestException")
    assert "You must provide a ClientRequestToken value. We recommend a UUID-type value." in body.values()


def test_a_function_rotates_a_secret(secrets, name, rotation):
    before = secrets.create_secret(Name=name, SecretString="v1")["VersionId"]
    token = secrets.rotate_secret(
        SecretId=name, RotationLambdaARN=rotation, RotationRules={"AutomaticallyAfterDays": 30})["VersionId"]

    def rotated():
        return secrets.describe_secret(SecretId=name).get("LastRotatedDate")

    eventually(rotated, 60, "the rotation")
    described = secrets.describe_secret(SecretId=name)
    assert described["VersionIdsToStages"] == {before: ["AWSPREVIOUS"], token: ["AWSCURRENT", "AWSPENDING"]}
    assert described["RotationEnabled"] and described["NextRotationDate"]
    assert len(secrets.get_secret_value(SecretId=name)["SecretString"]) == 32
    secrets.cancel_rotate_secret(SecretId=name)
    assert not secrets.describe_secret(SecretId=name)["RotationEnabled"]


def test_the_cli(environment, name):
    def cli(*words):
        result = subprocess.run(
            ["aws", "secretsmanager", *words], env=environment, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout) if result.stdout else {}

    cli("create-secret", "--name", name, "--secret-string", '{"user":"u"}')
    assert json.loads(cli("get-secret-value", "--secret-id", name)["SecretString"]) == {"user": "u"}
    assert len(cli("get-random-password", "--password-length", "20")["RandomPassword"]) == 20
    cli("tag-resource", "--secret-id", name, "--tags", "Key=a,Value=b")
    listed = cli("list-secrets", "--filters", f"Key=name,Values={name}")["SecretList"]
    assert [entry["Tags"] for entry in listed] == [[{"Key": "a", "Value": "b"}]]
    cli("delete-secret", "--secret-id", name, "--force-delete-without-recovery")


TEMPLATE = """
Parameters:
  User: {Type: String}
Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Description: !Ref User
      GenerateSecretString:
        SecretStringTemplate: !Sub '{"username": "${User}"}'
        GenerateStringKey: password
        PasswordLength: 24
        ExcludePunctuation: true
      Tags: [{Key: a, Value: b}]
  Policy:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Secret
      ResourcePolicy:
        Statement: [{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'secretsmanager:*', Resource: '*'}]
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Secret, TargetId: database, TargetType: AWS::RDS::DBInstance}
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}}
  Rotate:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: 'def handler(event, context): return 1'}
      Environment:
        Variables:
          USER: !Sub '{{resolve:secretsmanager:${Secret}:SecretString:username}}'
          WHOLE: !Join ['', ['<', '{{resolve:secretsmanager:', !Ref Secret, '}}', '>']]
  Schedule:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Secret
      RotationLambdaARN: !GetAtt Rotate.Arn
      RotateImmediatelyOnUpdate: false
      RotationRules: {AutomaticallyAfterDays: 30}
Outputs:
  Secret: {Value: !Ref Secret}
  Function: {Value: !Ref Rotate}
"""


def test_a_stack_of_secrets(aws, secrets, deploy, tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE)
    stack = f"secrets-{uuid.uuid4().hex[:12]}"
    outputs = deploy(path, stack, {"User": "first"})
    arn = outputs["Secret"]
    assert ":secret:Secret-" in arn
    value = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert value["username"] == "first" and len(value["password"]) == 24
    described = secrets.describe_secret(SecretId=arn)
    assert described["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert "root" in secrets.get_resource_policy(SecretId=arn)["ResourcePolicy"]
    function = aws("lambda").get_function_configuration(FunctionName=outputs["Function"])
    assert function["Environment"]["Variables"]["USER"] == "first"
    assert json.loads(function["Environment"]["Variables"]["WHOLE"][1:-1]) == value
    deploy(path, stack, {"User": "second"})
    changed = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert changed["username"] == "second" and changed["password"] != value["password"]
    aws("cloudformation").delete_stack(StackName=stack)
    aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    with pytest.raises(botocore.exceptions.ClientError, match="can't find"):
        secrets.describe_secret(SecretId=arn)


def test_a_connection_has_a_secret(aws, secrets):
    name = f"c-{uuid.uuid4().hex}"
    aws("events").create_connection(
        Name=name, AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "hidden"}})
    arn = aws("events").describe_connection(Name=name)["SecretArn"]
    described = secrets.describe_secret(SecretId=arn)
    assert described["Name"].startswith(f"events!connection/{name}/")
    assert described["OwningService"] == "events"
    value = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert value == {"api_key_name": "x-key", "api_key_value": "hidden"}
    aws("events").update_connection(
        Name=name, AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "changed"}})
    assert json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["api_key_value"] == "changed"
    aws("events").delete_connection(Name=name)
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.describe_secret(SecretId=arn)


def test_a_state_machine_reads_a_secret(aws, secrets, name):
    secrets.create_secret(Name=name, SecretString="hidden")
    definition = {"StartAt": "S", "States": {"S": {
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue",
        "Parameters": {"SecretId": name}, "ResultSelector": {"value.$": "$.SecretString"}, "End": True}}}
    states = aws("stepfunctions")
    machine = states.create_state_machine(
        name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    ended = eventually(
        lambda: (d := states.describe_execution(executionArn=execution))["status"] != "RUNNING" and d, what="the end")
    assert json.loads(ended["output"]) == {"value": "hidden"}


def test_a_batch_job_gets_its_secrets(aws, secrets, name):
    arn = secrets.create_secret(Name=name, SecretString='{"user": "me"}')["ARN"]
    aws("ssm").put_parameter(Name=f"/{name}", Value="hidden", Type="SecureString")
    batch, queue = aws("batch"), f"secrets-{uuid.uuid4().hex[:8]}"
    batch.create_compute_environment(computeEnvironmentName=queue, type="UNMANAGED")
    batch.create_job_queue(
        jobQueueName=queue, priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": queue}])
    definition = batch.register_job_definition(
        jobDefinitionName=queue, type="container", containerProperties={
            "image": "host", "command": ["sh", "-c", 'test "$USER_NAME $PARAMETER" = "me hidden"'],
            "resourceRequirements": [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "64"}],
            "secrets": [{"name": "USER_NAME", "valueFrom": f"{arn}:user::"}, {"name": "PARAMETER", "valueFrom": f"/{name}"}]})
    job = batch.submit_job(jobName="j", jobQueue=queue, jobDefinition=definition["jobDefinitionArn"])["jobId"]
    ended = eventually(
        lambda: (d := batch.describe_jobs(jobs=[job])["jobs"][0])["status"] in ("SUCCEEDED", "FAILED") and d, 60, "the end")
    assert ended["status"] == "SUCCEEDED", ended

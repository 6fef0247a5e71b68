"""Secrets whose Baton is killed: a rotation goes on with the step that was not recorded, a deletion keeps its time."""

import json
import uuid

import pytest

import wire
from test_kill import package
from wire import eventually

ROLE = "arn:aws:iam::000000000000:role/any"
ROTATE = """
import boto3, os, time

def handler(event, context):
    secrets = boto3.client("secretsmanager")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    folder = os.environ["FOLDER"]
    with open(folder + "/steps", "a") as file:
        file.write(step + "\\n")
    if step == "createSecret":
        secrets.put_secret_value(SecretId=secret, ClientRequestToken=token, SecretString="rotated", VersionStages=["AWSPENDING"])
    if step == "setSecret" and not os.path.exists(folder + "/began"):
        open(folder + "/began", "w").close()
        time.sleep(1000)
    if step == "finishSecret":
        stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
        current = next(version for version in stages if "AWSCURRENT" in stages[version])
        if current != token:
            secrets.update_secret_version_stage(
                SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current)
"""


def test_a_rotation_goes_on_after_a_crash(server, folder):
    function = server.client("lambda").create_function(
        FunctionName="rotate", Runtime="python3.11", Handler="main.handler", Role=ROLE, Timeout=900,
        Code={"ZipFile": package(ROTATE)}, Environment={"Variables": {"FOLDER": str(folder)}})["FunctionArn"]
    secrets = server.client("secretsmanager")
    secrets.create_secret(Name="s", SecretString="first")
    token = secrets.rotate_secret(SecretId="s", RotationLambdaARN=function)["VersionId"]
    eventually((folder / "began").exists, timeout=60, what="the second step")
    server.kill()
    server.start()
    secrets = server.client("secretsmanager")
    eventually(lambda: secrets.describe_secret(SecretId="s").get("LastRotatedDate"), timeout=60, what="the rotation")
    assert (folder / "steps").read_text().split() == ["createSecret", "setSecret", "setSecret", "testSecret", "finishSecret"]
    got = secrets.get_secret_value(SecretId="s")
    assert (got["SecretString"], got["VersionId"]) == ("rotated", token)


@pytest.fixture
def skipping(folder):
    server = wire.Server(folder, "--clock", "skip")
    yield server
    server.stop()


def test_a_deletion_keeps_its_time_over_a_crash(skipping):
    secrets = skipping.client("secretsmanager")
    for name in ("goes", "stays"):
        secrets.create_secret(Name=name, SecretString="v")
        secrets.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    dates = [secrets.describe_secret(SecretId=name)["DeletedDate"] for name in ("goes", "stays")]
    skipping.kill()
    skipping.start()
    secrets = skipping.client("secretsmanager")
    assert [secrets.describe_secret(SecretId=name)["DeletedDate"] for name in ("goes", "stays")] == dates
    secrets.restore_secret(SecretId="stays")
    skipping.kill()
    skipping.start()
    # Time passes for a state machine that waits for it.
    states = skipping.client("stepfunctions")
    definition = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 8 * 86400, "End": True}}}
    machine = states.create_state_machine(
        name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    eventually(
        lambda: states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED", timeout=30, what="a week")
    secrets = skipping.client("secretsmanager")
    eventually(
        lambda: [entry["Name"] for entry in secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"]] == ["stays"],
        what="the deletion")
    assert secrets.get_secret_value(SecretId="stays")["SecretString"] == "v"

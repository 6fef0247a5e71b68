"""`baton deploy`: a template and its local code."""

import json
import os
import subprocess
import uuid

import pytest

from conftest import BATON

TEMPLATE = """
Parameters: {Greeting: {Type: String, Default: hello}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.11
      Handler: main.handler
      Role: !GetAtt Role.Arn
      Code: ./code
      Environment: {Variables: {GREETING: !Ref Greeting}}
Outputs: {Function: {Value: !Ref Function}}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "code").mkdir()
    write(tmp_path, "1")
    return tmp_path


def write(folder, version):
    (folder / "code" / "main.py").write_text(
        f"import os\ndef handler(event, context):\n    return os.environ['GREETING'] + '{version}'\n")


@pytest.fixture
def run(environment, folder):
    stack = f"d-{uuid.uuid4().hex[:8]}"

    def run(*words):
        command = [BATON, "deploy", str(folder / "template.yaml"), "--stack", stack, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    return run


def outcome(result):
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def call(aws, name):
    return json.loads(aws("lambda").invoke(FunctionName=name)["Payload"].read())


def test_code_is_packed_and_follows_its_contents(aws, run, folder):
    first = outcome(run("--json", "--parameter", "Greeting=hi"))
    assert first["changed"] and first["status"] == "CREATE_COMPLETE"
    function = first["outputs"]["Function"]
    assert call(aws, function) == "hi1"
    # Nothing changed, and the parameter keeps its value.
    again = outcome(run("--json"))
    assert not again["changed"] and again["outputs"] == first["outputs"]
    write(folder, "2")
    second = run()
    assert second.returncode == 0
    assert "UPDATE_COMPLETE" in second.stdout and "Function (AWS::Lambda::Function)" in second.stdout
    assert call(aws, function) == "hi2"
    assert "No changes" in run().stdout


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda folder: (folder / "template.yaml").write_text("Resources: [1"), "YAML not well-formed"),
        (lambda folder: (folder / "template.yaml").write_text("Resources: {A: {Type: 'AWS::Foo::Bar'}}"), "Unrecognized resource types"),
        (lambda folder: os.rename(folder / "code", folder / "elsewhere"), "code, which does not exist"),
        (lambda folder: os.remove(folder / "template.yaml"), "There is no template"),
    ],
)
def test_what_cannot_be_deployed_is_explained(run, folder, change, message):
    change(folder)
    result = run()
    assert result.returncode == 1
    assert message in result.stderr


def test_a_failed_deployment_tells_why_and_can_be_repeated(run, folder):
    good = (folder / "template.yaml").read_text()
    (folder / "template.yaml").write_text(good.replace("main.handler", "main.handler\n      Foo: 1"))
    failed = run()
    assert failed.returncode == 1
    assert "Encountered unsupported property Foo" in failed.stdout
    assert "ROLLBACK_COMPLETE" in failed.stdout
    (folder / "template.yaml").write_text(good)
    assert outcome(run("--json"))["status"] == "CREATE_COMPLETE"

"""State machines from templates: CloudFormation, SAM through `baton deploy`; Terraform is in test_terraform.py."""

import json
import uuid

import botocore.exceptions
import pytest

from conftest import Server, eventually

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "${Word}", "End": True}}}

TEMPLATE = """
Parameters:
  Step: {Type: String, Default: first}
Conditions:
  First: !Equals [!Ref Step, first]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: 'sts:AssumeRole'}]
  Group: {Type: AWS::Logs::LogGroup}
  Object:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionSubstitutions: {Word: !Ref Step}
      Definition: {StartAt: P, States: {P: {Type: Pass, Result: '${Word}', End: true}}}
      LoggingConfiguration:
        Level: !If [First, ALL, ERROR]
        IncludeExecutionData: true
        Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Group.Arn}}]
      TracingConfiguration: {Enabled: !If [First, 'true', 'false']}
      Tags: [{Key: step, Value: !Ref Step}]
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: EXPRESS
      RoleArn: !GetAtt Role.Arn
      DefinitionString: !Sub '{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "${Step}", "End": true}}}'
  Version:
    Type: AWS::StepFunctions::StateMachineVersion
    Properties: {StateMachineArn: !Ref Object, StateMachineRevisionId: !GetAtt Object.StateMachineRevisionId}
  Alias:
    Type: AWS::StepFunctions::StateMachineAlias
    Properties:
      Name: live
      Description: !Ref Step
      DeploymentPreference: {Type: ALL_AT_ONCE, StateMachineVersionArn: !Ref Version}
  Activity: {Type: AWS::StepFunctions::Activity, Properties: {Tags: [{Key: step, Value: !Ref Step}]}}
Outputs:
  Object: {Value: !Ref Object}
  Name: {Value: !GetAtt Object.Name}
  Text: {Value: !Ref Text}
  Alias: {Value: !Ref Alias}
  Activity: {Value: !Ref Activity}
"""


@pytest.fixture
def cloudformation(aws):
    return aws("cloudformation")


def wait(cloudformation, event, stack):
    try:
        cloudformation.get_waiter(f"stack_{event}_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    except botocore.exceptions.WaiterError:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        pytest.fail(str([e.get("ResourceStatusReason") for e in events if e["ResourceStatus"].endswith("FAILED")]))


def outputs(cloudformation, stack):
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def state(aws, made):
    states = aws("stepfunctions")
    machine = states.describe_state_machine(stateMachineArn=made["Object"])
    text = states.describe_state_machine(stateMachineArn=made["Text"])
    alias = states.describe_state_machine_alias(stateMachineAliasArn=made["Alias"])
    tags = [states.list_tags_for_resource(resourceArn=made[name])["tags"] for name in ("Object", "Activity")]
    return {
        "result": json.loads(machine["definition"])["States"]["P"]["Result"], "level": machine["loggingConfiguration"]["level"],
        "traced": machine["tracingConfiguration"]["enabled"], "types": [machine["type"], text["type"]],
        "text": json.loads(text["definition"])["States"]["P"]["Result"], "alias": alias["description"],
        "routes": [(r["stateMachineVersionArn"].split(":")[-1], r["weight"]) for r in alias["routingConfiguration"]],
        "tags": [[tag["value"] for tag in each if tag["key"] == "step"] for each in tags],
    }


def test_every_type_is_made_changed_and_deleted(aws, cloudformation):
    stack = f"sfn-{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(StackName=stack, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"])
    wait(cloudformation, "create", stack)
    made = outputs(cloudformation, stack)
    assert made["Object"].endswith(f":stateMachine:{made['Name']}") and made["Alias"] == f"{made['Object']}:live"
    assert state(aws, made) == {
        "result": "first", "level": "ALL", "traced": True, "types": ["STANDARD", "EXPRESS"], "text": "first",
        "alias": "first", "routes": [("1", 100)], "tags": [["first"], ["first"]],
    }

    cloudformation.update_stack(
        StackName=stack, UsePreviousTemplate=True, Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": "Step", "ParameterValue": "second"}])
    wait(cloudformation, "update", stack)
    assert outputs(cloudformation, stack) == made
    assert state(aws, made) == {
        "result": "second", "level": "ERROR", "traced": False, "types": ["STANDARD", "EXPRESS"], "text": "second",
        "alias": "second", "routes": [("2", 100)], "tags": [["second"], ["second"]],
    }

    cloudformation.delete_stack(StackName=stack)
    wait(cloudformation, "delete", stack)
    states = aws("stepfunctions")
    for call in [
        lambda: states.describe_state_machine(stateMachineArn=made["Object"]),
        lambda: states.describe_state_machine_alias(stateMachineAliasArn=made["Alias"]),
        lambda: states.describe_activity(activityArn=made["Activity"]),
    ]:
        with pytest.raises(botocore.exceptions.ClientError):
            call()


SERVERLESS = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machine.asl.json
      DefinitionSubstitutions: {Word: !Ref Topic}
      Policies: [{Statement: [{Effect: Allow, Action: 'sns:Publish', Resource: !Ref Topic}]}]
      AutoPublishAlias: live
      Tags: {team: data}
      Events:
        Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}
        Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: DISABLED}}
        Shop: {Type: EventBridgeRule, Properties: {Pattern: {source: [!Ref Topic]}, Input: '{"a": 1}'}}
  Topic: {Type: AWS::SNS::Topic}
Outputs:
  Machine: {Value: !Ref Machine}
  Topic: {Value: !Ref Topic}
"""


def test_serverless_machines_are_deployed_with_their_definition(aws, deploy, tmp_path):
    (tmp_path / "machine.asl.json").write_text(json.dumps(PASS))
    (tmp_path / "template.yaml").write_text(SERVERLESS)
    made = deploy(tmp_path / "template.yaml", f"sam-{uuid.uuid4().hex[:8]}")
    states = aws("stepfunctions")
    machine = states.describe_state_machine(stateMachineArn=made["Machine"])
    assert json.loads(machine["definition"])["States"]["P"]["Result"] == made["Topic"]
    tags = {tag["key"]: tag["value"] for tag in states.list_tags_for_resource(resourceArn=made["Machine"])["tags"]}
    assert tags["team"] == "data" and tags["stateMachine:createdBy"] == "SAM"
    (alias,) = states.list_state_machine_aliases(stateMachineArn=made["Machine"])["stateMachineAliases"]
    assert alias["stateMachineAliasArn"] == f"{made['Machine']}:live"
    aws("events").put_events(Entries=[{"Source": made["Topic"], "DetailType": "d", "Detail": "{}"}])

    def started():
        return states.list_executions(stateMachineArn=made["Machine"], statusFilter="SUCCEEDED")["executions"]

    (execution,) = eventually(started, what="the execution that the event starts")
    assert json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"]) == {"a": 1}


SHIFT = """
Parameters: {Word: {Type: String}, Preference: {Type: String}, Percentage: {Type: Number}}
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::000000000000:role/any
      Definition: {StartAt: P, States: {P: {Type: Pass, Result: !Ref Word, End: true}}}
  Version:
    Type: AWS::StepFunctions::StateMachineVersion
    Properties: {StateMachineArn: !Ref Machine, StateMachineRevisionId: !GetAtt Machine.StateMachineRevisionId}
  Alias:
    Type: AWS::StepFunctions::StateMachineAlias
    Properties:
      Name: live
      DeploymentPreference:
        {Type: !Ref Preference, Percentage: !Ref Percentage, Interval: 30, StateMachineVersionArn: !Ref Version}
Outputs: {Alias: {Value: !Ref Alias}}
"""


def shift(cloudformation, kind, percentage):
    """Creates a stack and begins to take its alias to a new version → its name and the alias."""
    stack = f"s{uuid.uuid4().hex[:8]}"

    def parameters(word):
        found = {"Word": word, "Preference": kind, "Percentage": str(percentage)}
        return [{"ParameterKey": key, "ParameterValue": value} for key, value in found.items()]

    cloudformation.create_stack(StackName=stack, TemplateBody=SHIFT, Parameters=parameters("one"))
    wait(cloudformation, "create", stack)
    cloudformation.update_stack(StackName=stack, TemplateBody=SHIFT, Parameters=parameters("two"))
    return stack, outputs(cloudformation, stack)["Alias"]


def weights(states, alias):
    found = states.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]
    return {route["stateMachineVersionArn"].rsplit(":", 1)[1]: route["weight"] for route in found}


def test_a_canary_gets_its_share_first(cloudformation, aws):
    stack, alias = shift(cloudformation, "CANARY", 10)
    eventually(lambda: weights(aws("stepfunctions"), alias) == {"2": 10, "1": 90}, 20, "the first share")
    assert cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "UPDATE_IN_PROGRESS"


@pytest.mark.parametrize("kind, percentage, minutes", [("CANARY", 20, 30), ("LINEAR", 40, 60), ("ALL_AT_ONCE", 1, 0)])
def test_the_shift_takes_its_intervals(tmp_path, kind, percentage, minutes):
    server = Server(tmp_path, "--clock", "skip")
    try:
        cloudformation = server.client("cloudformation")
        stack, alias = shift(cloudformation, kind, percentage)
        wait(cloudformation, "update", stack)
        assert weights(server.client("stepfunctions"), alias) == {"2": 100}
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        times = [event["Timestamp"] for event in events
                 if event["LogicalResourceId"] == "Alias" and event["ResourceStatus"].startswith("UPDATE")]
        assert minutes * 60 <= (max(times) - min(times)).total_seconds() < minutes * 60 + 60
    finally:
        server.stop()

"""State machines from templates: CloudFormation, SAM through `baton deploy`; Terraform is in test_terraform.py."""

import json
import uuid

import botocore.exceptions
import pytest

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

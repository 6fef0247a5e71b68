"""EventBridge and Scheduler as boto3 and CloudFormation see them."""

import datetime
import json
import uuid

import botocore.exceptions
import pytest
from conftest import eventually


@pytest.fixture
def queue(aws):
    url = aws("sqs").create_queue(QueueName=f"q-{uuid.uuid4().hex}")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    yield url, arn
    aws("sqs").delete_queue(QueueUrl=url)


def receive(aws, url):
    return eventually(
        lambda: aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages"), what="a message")[0]["Body"]


def test_an_event_reaches_the_target_of_its_rule(aws, queue):
    events = aws("events")
    name = f"r-{uuid.uuid4().hex}"
    events.put_rule(Name=name, EventPattern=json.dumps({"detail": {"id": [name]}}))
    events.put_targets(Rule=name, Targets=[{
        "Id": "1", "Arn": queue[1],
        "InputTransformer": {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '{"got": <id>}'}}])
    answer = events.put_events(Entries=[
        {"Source": "test", "DetailType": "t", "Detail": json.dumps({"id": name})},
        {"Source": "test", "DetailType": "t", "Detail": "no"}])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][1]["ErrorCode"] == "MalformedDetail"
    assert json.loads(receive(aws, queue[0])) == {"got": name}
    assert name in [rule["Name"] for rule in events.list_rules(NamePrefix="r-")["Rules"]]
    events.remove_targets(Rule=name, Ids=["1"])
    events.delete_rule(Name=name)
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_rule(Name=name)


def test_a_schedule_calls_its_target(aws, queue):
    scheduler = aws("scheduler")
    name = f"s-{uuid.uuid4().hex}"
    at = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S")
    scheduler.create_schedule(
        Name=name, ScheduleExpression=f"at({at})", FlexibleTimeWindow={"Mode": "OFF"}, ActionAfterCompletion="DELETE",
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": "arn:aws:iam::000000000000:role/r",
            "Input": json.dumps({"QueueUrl": queue[0], "MessageBody": "<aws.scheduler.scheduled-time>"})})
    assert receive(aws, queue[0]) == f"{at}Z"
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException):
        scheduler.get_schedule(Name=name)


TEMPLATE = """
Parameters:
  Step: {Type: String, Default: first}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: !Sub '${AWS::StackName}-bus', Description: !Ref Step}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {source: [!Ref 'AWS::StackName']}
      Targets: [{Id: !Ref Step, Arn: !GetAtt Queue.Arn}]
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: 'cron(0 3 * * ? *)', State: DISABLED, Targets: [{Id: t, Arn: !GetAtt Queue.Arn, Input: '{}'}]}
  Archive: {Type: AWS::Events::Archive, Properties: {SourceArn: !GetAtt Bus.Arn, RetentionDays: 1, Description: !Ref Step}}
  Connection:
    Type: AWS::Events::Connection
    Properties:
      AuthorizationType: API_KEY
      AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: x-key, ApiKeyValue: !Ref Step}}
  Destination:
    Type: AWS::Events::ApiDestination
    Properties:
      {ConnectionArn: !GetAtt Connection.Arn, HttpMethod: POST, InvocationEndpoint: !Sub 'https://example.com/${Step}'}
  Group: {Type: AWS::Scheduler::ScheduleGroup}
  Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      GroupName: !Ref Group
      ScheduleExpression: cron(0 3 * * ? *)
      Description: !Ref Step
      FlexibleTimeWindow: {Mode: 'OFF'}
      Target: {Arn: !GetAtt Queue.Arn, RoleArn: 'arn:aws:iam::000000000000:role/r', Input: '{}'}
Outputs:
  Bus: {Value: !Ref Bus}
  Queue: {Value: !Ref Queue}
  Group: {Value: !Ref Group}
  Schedule: {Value: !Ref Schedule}
"""


def test_templates_make_change_and_remove_rules_and_schedules(aws):
    cloudformation = aws("cloudformation")
    stack = f"s{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(StackName=stack, TemplateBody=TEMPLATE)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    for step in ["first", "second"]:
        if step == "second":
            cloudformation.update_stack(
                StackName=stack, UsePreviousTemplate=True,
                Parameters=[{"ParameterKey": "Step", "ParameterValue": step}])
            cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
        rule = aws("events").list_rules(EventBusName=outputs["Bus"])["Rules"][0]
        targets = aws("events").list_targets_by_rule(Rule=rule["Name"], EventBusName=outputs["Bus"])["Targets"]
        assert [target["Id"] for target in targets] == [step]
        assert aws("events").describe_event_bus(Name=outputs["Bus"])["Description"] == step
        schedule = aws("scheduler").get_schedule(Name=outputs["Schedule"], GroupName=outputs["Group"])
        assert schedule["Description"] == step
    aws("events").put_events(Entries=[
        {"Source": stack, "DetailType": "t", "Detail": "{}", "EventBusName": outputs["Bus"]}])
    assert json.loads(receive(aws, outputs["Queue"]))["source"] == stack
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    with pytest.raises(botocore.exceptions.ClientError):
        aws("events").describe_event_bus(Name=outputs["Bus"])

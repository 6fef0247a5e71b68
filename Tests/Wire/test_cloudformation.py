"""CloudFormation as boto3 and the AWS CLI see it."""

import json
import subprocess
import uuid

import botocore.exceptions
import pytest

TEMPLATE = """
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Delay: {Type: Number, Default: 0, MinValue: 0, MaxValue: 900}
  Suffix: {Type: String, Default: '', AllowedPattern: '[a-z-]*'}
Conditions:
  HasSuffix: !Not [!Equals [!Ref Suffix, '']]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !If [HasSuffix, !Sub '${AWS::StackName}${Suffix}', !Ref AWS::StackName]
      VisibilityTimeout: !If [HasSuffix, 60, !Ref AWS::NoValue]
      DelaySeconds: !Ref Delay
  Topic: {Type: AWS::SNS::Topic}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, RawMessageDelivery: true}
Outputs:
  Url: {Value: !Ref Queue}
  Arn: {Value: !GetAtt Queue.Arn}
  Topic: {Value: !Ref Topic, Export: {Name: !Sub '${AWS::StackName}-topic'}}
"""


@pytest.fixture
def cloudformation(aws):
    return aws("cloudformation")


@pytest.fixture
def stack(cloudformation):
    name = f"s-{uuid.uuid4().hex[:12]}"
    yield name
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def create(cloudformation, stack, template=TEMPLATE, **parameters):
    cloudformation.create_stack(
        StackName=stack, TemplateBody=template,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    return outputs(cloudformation, stack)


def outputs(cloudformation, stack):
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def test_a_stack_makes_its_resources(aws, cloudformation, stack):
    made = create(cloudformation, stack)
    assert made["Arn"] == f"arn:aws:sqs:us-east-1:000000000000:{stack}"
    aws("sns").publish(TopicArn=made["Topic"], Message="through the stack")
    (message,) = aws("sqs").receive_message(QueueUrl=made["Url"], WaitTimeSeconds=3)["Messages"]
    assert message["Body"] == "through the stack"
    events = [event["ResourceStatus"] for event in cloudformation.describe_stack_events(StackName=stack)["StackEvents"]]
    assert events[0] == events[-1].replace("IN_PROGRESS", "COMPLETE") == "CREATE_COMPLETE"
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    assert {resource["LogicalResourceId"]: resource["ResourceStatus"] for resource in resources} == dict.fromkeys(
        ["Queue", "Topic", "Subscription"], "CREATE_COMPLETE"
    )
    assert any(export["Name"] == f"{stack}-topic" for export in cloudformation.list_exports()["Exports"])


def test_an_update_changes_in_place_or_replaces(aws, cloudformation, stack):
    before = create(cloudformation, stack)

    def update(**parameters):
        cloudformation.update_stack(
            StackName=stack, UsePreviousTemplate=True,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
        return outputs(cloudformation, stack)

    same = update(Delay="7")
    assert same["Url"] == before["Url"]
    attributes = aws("sqs").get_queue_attributes(QueueUrl=same["Url"], AttributeNames=["DelaySeconds"])["Attributes"]
    assert attributes == {"DelaySeconds": "7"}
    with pytest.raises(botocore.exceptions.ClientError, match="No updates are to be performed."):
        update(Delay="7")
    replaced = update(Suffix="-new")
    assert replaced["Url"].endswith("-new")
    with pytest.raises(botocore.exceptions.ClientError):
        aws("sqs").get_queue_attributes(QueueUrl=before["Url"], AttributeNames=["All"])


def test_a_failure_rolls_back_in_reverse_order(aws, cloudformation, stack):
    template = {
        "Resources": {
            "First": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": stack}},
            "Second": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "not a name"}, "DependsOn": "First"},
        }
    }
    with pytest.raises(botocore.exceptions.WaiterError):
        create(cloudformation, stack, json.dumps(template))
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert found["StackStatus"] == "ROLLBACK_COMPLETE"
    with pytest.raises(botocore.exceptions.ClientError):
        aws("sqs").get_queue_url(QueueName=stack)


@pytest.mark.parametrize(
    "template, message",
    [
        ('{"Resources":{"A":{"Type":"AWS::Foo::Bar"}}}', "Template format error: Unrecognized resource types: [AWS::Foo::Bar]"),
        ('{"Resources":{}}', "Template format error: At least one Resources member must be defined."),
        ('{"Resources":{"A":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"B"}}}}}', "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"),
        ('{"Resources":{"A":{"Type":"AWS::SQS::Queue","DependsOn":"B"},"B":{"Type":"AWS::SQS::Queue","DependsOn":"A"}}}', "Circular dependency between resources: [A, B]"),
    ],
)
def test_a_template_that_cannot_work_is_refused(cloudformation, template, message):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        cloudformation.create_stack(StackName=f"s-{uuid.uuid4().hex[:12]}", TemplateBody=template)
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert caught.value.response["Error"]["Message"] == message


def test_the_cli_deploys(environment, stack, tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)

    def aws_cli(*words):
        return subprocess.run(["aws", *words], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    words = ["cloudformation", "deploy", "--template-file", "template.yaml", "--stack-name", stack, "--parameter-overrides", "Delay=3", "--no-fail-on-empty-changeset"]
    first = aws_cli(*words)
    assert first.returncode == 0, first.stderr
    assert "Successfully created/updated stack" in first.stdout
    second = aws_cli(*words, "--no-fail-on-empty-changeset")
    assert second.returncode == 0 and "No changes to deploy" in second.stdout + second.stderr

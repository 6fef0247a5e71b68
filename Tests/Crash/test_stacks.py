"""Stacks whose Baton is killed while they are made, changed or deleted: they go on after the restart to their end.

CRASH_STACKS: how many stacks (default 8).
"""

import json
import os
import random

import pytest

from line import Line, Lost
from wire import eventually

STACKS = int(os.environ.get("CRASH_STACKS", "8"))
SEED = os.environ.get("CRASH_SEED", "1")


def template(delay, extra):
    """A chain, so that the resources come one after the other, and something beside it."""
    queues = {
        f"Queue{index}": {
            "Type": "AWS::SQS::Queue", **({"DependsOn": f"Queue{index - 1}"} if index else {}),
            "Properties": {"DelaySeconds": delay},
        } for index in range(4)
    }
    return json.dumps({
        "Resources": {
            **queues,
            "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Queue1"},
            "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": {
                "TopicArn": {"Ref": "Topic"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Queue2", "Arn"]}}},
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
                "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}},
            "Bucket": {"Type": "AWS::S3::Bucket", "DependsOn": "Queue3"},
            **({"Extra": {"Type": "AWS::SQS::Queue", "DependsOn": "Bucket"}} if extra else {}),
        },
        "Outputs": {"Url": {"Value": {"Ref": "Queue3"}}, "Topic": {"Value": {"Ref": "Topic"}}},
    })


class Stack:
    def __init__(self, server, name):
        self.server, self.name = server, name

    @property
    def client(self):
        return self.server.client("cloudformation")

    def events(self):
        return self.client.describe_stack_events(StackName=self.id)["StackEvents"]

    def status(self):
        return self.client.describe_stacks(StackName=self.id)["Stacks"][0]["StackStatus"]

    def begin(self, what, dice, **arguments):
        """Starts a change and kills Baton after a random number of its events."""
        before = len(self.events()) if hasattr(self, "id") else 0
        answer = getattr(self.client, what)(StackName=self.name, **arguments)
        self.id = answer.get("StackId", getattr(self, "id", self.name))
        seen = dice.randrange(0, 16)
        eventually(
            lambda: len(self.events()) - before >= seen or not self.status().endswith("_IN_PROGRESS"), timeout=60,
            what="events")
        self.server.kill()
        self.server.start()

    def end(self, status):
        eventually(lambda: not self.status().endswith("_IN_PROGRESS"), timeout=60, what="the end of the change")
        assert self.status() == status, [
            (event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason")) for event in self.events()]

    def resources(self):
        found = self.client.describe_stack_resources(StackName=self.name)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def inventory(server):
    sqs, sns, dynamodb, s3 = map(server.client, ["sqs", "sns", "dynamodb", "s3"])
    return {
        "queues": sorted(sqs.list_queues().get("QueueUrls", [])),
        "topics": sorted(topic["TopicArn"] for topic in sns.list_topics()["Topics"]),
        "subscriptions": sorted(one["SubscriptionArn"] for one in sns.list_subscriptions()["Subscriptions"]),
        "tables": sorted(dynamodb.list_tables()["TableNames"]),
        "buckets": sorted(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]),
    }


def test_stacks_go_on(server):
    """Everything that a stack made is known to it: nothing is made twice, nothing stays behind."""
    dice = random.Random(SEED)
    for number in range(STACKS):
        stack = Stack(server, f"s{number}")
        stack.begin("create_stack", dice, TemplateBody=template(1, extra=False))
        stack.end("CREATE_COMPLETE")
        found, resources = inventory(server), stack.resources()
        assert [len(names) for names in found.values()] == [4, 1, 1, 1, 1], found
        assert sorted(sum(found.values(), [])) == sorted(resources.values())

        stack.begin("update_stack", dice, TemplateBody=template(2, extra=True))
        stack.end("UPDATE_COMPLETE")
        assert len(inventory(server)["queues"]) == 5
        assert {name: resources[name] for name in resources} == {name: stack.resources()[name] for name in resources}
        delays = [
            server.client("sqs").get_queue_attributes(QueueUrl=resources[f"Queue{index}"], AttributeNames=["DelaySeconds"])
            ["Attributes"]["DelaySeconds"] for index in range(4)]
        assert delays == ["2"] * 4

        stack.begin("update_stack", dice, TemplateBody=template(2, extra=False))
        stack.end("UPDATE_COMPLETE")
        assert len(inventory(server)["queues"]) == 4

        stack.begin("delete_stack", dice)
        stack.end("DELETE_COMPLETE")
        assert not any(inventory(server).values()), inventory(server)


def test_a_stack_that_fails_rolls_back(server):
    dice = random.Random(SEED)
    broken = json.loads(template(1, extra=True))
    broken["Resources"]["Extra"] = {"Type": "AWS::SQS::Queue", "DependsOn": "Bucket", "Properties": {"DelaySeconds": 901}}
    for number in range(STACKS):
        stack = Stack(server, f"s{number}")
        stack.begin("create_stack", dice, TemplateBody=json.dumps(broken))
        stack.end("ROLLBACK_COMPLETE")
        assert not any(inventory(server).values()), inventory(server)
        stack.begin("delete_stack", dice)
        stack.end("DELETE_COMPLETE")

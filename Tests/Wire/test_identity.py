"""IAM, STS and CloudWatch Logs as boto3 sees them."""

import json
import uuid

import botocore.exceptions
import pytest

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def test_the_account_is_that_of_the_key(baton, aws):
    assert aws("sts").get_caller_identity()["Account"] == "000000000000"
    other = baton.client("sts", aws_access_key_id="123456789012")
    assert other.get_caller_identity()["Account"] == "123456789012"


def test_accounts_and_regions_do_not_see_each_other(baton, aws):
    name = f"q-{uuid.uuid4().hex}"
    aws("sqs").create_queue(QueueName=name)
    for other in [baton.client("sqs", aws_access_key_id="123456789012"), baton.client("sqs", region_name="eu-central-1")]:
        with pytest.raises(botocore.exceptions.ClientError):
            other.get_queue_url(QueueName=name)


def test_a_role_keeps_its_policies(aws):
    iam, name = aws("iam"), f"r-{uuid.uuid4().hex}"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]
    assert role["Arn"] == f"arn:aws:iam::000000000000:role/{name}"
    assert role["AssumeRolePolicyDocument"] == json.loads(TRUST)
    document = {"Version": "2012-10-17", "Statement": []}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    assert iam.get_role_policy(RoleName=name, PolicyName="p")["PolicyDocument"] == document
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        iam.delete_role(RoleName=name)
    assert caught.value.response["Error"]["Code"] == "DeleteConflict"
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.delete_role(RoleName=name)
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        iam.get_role(RoleName=name)
    assert caught.value.response["Error"]["Message"] == f"The role with name {name} cannot be found."


def test_log_events_come_back_in_order(aws):
    logs, group = aws("logs"), f"/g/{uuid.uuid4().hex}"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    import time

    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[{"timestamp": now + n, "message": f"m{n}"} for n in range(5)])
    events = logs.get_log_events(logGroupName=group, logStreamName="s", startFromHead=True)["events"]
    assert [event["message"] for event in events] == [f"m{n}" for n in range(5)]
    found = logs.filter_log_events(logGroupName=group, filterPattern="m3")["events"]
    assert [event["message"] for event in found] == ["m3"]
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        logs.create_log_group(logGroupName=group)
    assert caught.value.response["Error"]["Code"] == "ResourceAlreadyExistsException"

"""SQS as boto3 sees it, through the JSON protocol."""

import hashlib
import uuid

import botocore.exceptions
import pytest


@pytest.fixture
def sqs(aws):
    return aws("sqs")


@pytest.fixture
def queue(sqs):
    url = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex}")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def fifo(sqs):
    url = sqs.create_queue(
        QueueName=f"q-{uuid.uuid4().hex}.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    )["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def receive(sqs, url, **more):
    return sqs.receive_message(QueueUrl=url, **{"WaitTimeSeconds": 2, "MaxNumberOfMessages": 10, **more}).get("Messages", [])


def error(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def test_a_message_travels_with_its_attributes(sqs, queue):
    attributes = {
        "text": {"DataType": "String", "StringValue": "Zürich"},
        "number": {"DataType": "Number", "StringValue": "4.2"},
        "blob": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    sent = sqs.send_message(QueueUrl=queue, MessageBody="hello", MessageAttributes=attributes)
    assert sent["MD5OfMessageBody"] == hashlib.md5(b"hello").hexdigest()
    (message,) = receive(sqs, queue, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])
    assert message["Body"] == "hello"
    assert message["MessageAttributes"] == attributes
    assert message["MessageId"] == sent["MessageId"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_what_was_received_comes_back_when_its_time_out_ends(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    (first,) = receive(sqs, queue, VisibilityTimeout=1)
    (second,) = receive(sqs, queue, WaitTimeSeconds=5)
    assert second["MessageId"] == first["MessageId"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=second["ReceiptHandle"])
    assert receive(sqs, queue, WaitTimeSeconds=0) == []


def test_a_long_poll_ends_when_a_message_comes(sqs, queue, baton):
    import threading

    other = baton.client("sqs")
    found = []
    waiting = threading.Thread(target=lambda: found.extend(receive(other, queue, WaitTimeSeconds=20)))
    waiting.start()
    sqs.send_message(QueueUrl=queue, MessageBody="wake up")
    waiting.join(timeout=5)
    assert [message["Body"] for message in found] == ["wake up"]


def test_a_delay_hides_a_message(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=1)
    assert receive(sqs, queue, WaitTimeSeconds=0) == []
    assert [message["Body"] for message in receive(sqs, queue, WaitTimeSeconds=5)] == ["later"]


def test_batches_report_each_entry(sqs, queue):
    answer = sqs.send_message_batch(
        QueueUrl=queue,
        Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 901}],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["a"]
    assert [(entry["Id"], entry["SenderFault"], entry["Code"]) for entry in answer["Failed"]] == [
        ("b", True, "InvalidParameterValue")
    ]


def test_fifo_keeps_the_order_of_a_group_and_locks_it(sqs, fifo):
    for body in ["1", "2", "3"]:
        sqs.send_message(QueueUrl=fifo, MessageBody=body, MessageGroupId="g")
    sqs.send_message(QueueUrl=fifo, MessageBody="other", MessageGroupId="h")
    first = receive(sqs, fifo, MaxNumberOfMessages=1)
    assert [message["Body"] for message in first] == ["1"]
    assert [message["Body"] for message in receive(sqs, fifo, WaitTimeSeconds=0)] == ["other"]
    sqs.delete_message(QueueUrl=fifo, ReceiptHandle=first[0]["ReceiptHandle"])
    assert [message["Body"] for message in receive(sqs, fifo)] == ["2", "3"]


def test_fifo_drops_what_it_had_within_five_minutes(sqs, fifo):
    first = sqs.send_message(QueueUrl=fifo, MessageBody="same", MessageGroupId="g")
    second = sqs.send_message(QueueUrl=fifo, MessageBody="same", MessageGroupId="g")
    assert first["MessageId"] == second["MessageId"]
    assert len(receive(sqs, fifo)) == 1


def test_too_many_receives_move_a_message_to_the_dead_letter_queue(sqs, queue):
    dead = sqs.create_queue(QueueName=f"dlq-{uuid.uuid4().hex}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(
        QueueUrl=queue,
        Attributes={"RedrivePolicy": f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":1}}', "VisibilityTimeout": "0"},
    )
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    assert len(receive(sqs, queue)) == 1
    assert receive(sqs, queue, WaitTimeSeconds=0) == []
    assert [message["Body"] for message in receive(sqs, dead)] == ["poison"]


@pytest.mark.parametrize(
    "operation, arguments, code, message",
    [
        ("get_queue_url", {"QueueName": "absent"}, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."),
        ("create_queue", {"QueueName": "not a name"}, "InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"),
    ],
)
def test_errors_are_those_of_aws(sqs, operation, arguments, code, message):
    assert error(getattr(sqs, operation), **arguments) == {"Code": code, "Message": message, "Type": "Sender"} | {
        key: value for key, value in error(getattr(sqs, operation), **arguments).items() if key not in ("Code", "Message", "Type")
    }


def test_the_resource_api_works(baton, queue):
    import boto3

    resource = boto3.resource(
        "sqs", endpoint_url=baton.endpoint, aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    )
    named = resource.get_queue_by_name(QueueName=queue.rsplit("/", 1)[1])
    named.send_message(MessageBody="by resource")
    (message,) = named.receive_messages(WaitTimeSeconds=2)
    assert message.body == "by resource"
    message.delete()

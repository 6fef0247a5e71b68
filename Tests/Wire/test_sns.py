"""SNS as boto3 sees it, with its subscribers."""

import http.server
import json
import threading
import uuid

import botocore.exceptions
import pytest


@pytest.fixture
def topic(aws):
    arn = aws("sns").create_topic(Name=f"t-{uuid.uuid4().hex}")["TopicArn"]
    yield arn
    aws("sns").delete_topic(TopicArn=arn)


@pytest.fixture
def subscribe(aws, topic):
    def make(**attributes):
        url = aws("sqs").create_queue(QueueName=f"q-{uuid.uuid4().hex}")["QueueUrl"]
        arn = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        return url

    return make


def bodies(aws, url, wait=3):
    found = []
    while messages := aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
        wait = 0
    return found


def test_the_envelope_is_that_of_aws(aws, topic, subscribe):
    url = subscribe()
    published = aws("sns").publish(
        TopicArn=topic, Message="hello", Subject="greeting",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
    )
    (body,) = bodies(aws, url)
    envelope = json.loads(body)
    assert {"Type": "Notification", "MessageId": published["MessageId"], "TopicArn": topic, "Message": "hello", "Subject": "greeting"}.items() <= envelope.items()
    assert envelope["MessageAttributes"] == {"kind": {"Type": "String", "Value": "test"}}
    assert list(envelope) == ["Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes"]


def test_raw_delivery_hands_over_the_message_itself(aws, topic, subscribe):
    url = subscribe(RawMessageDelivery="true")
    aws("sns").publish(TopicArn=topic, Message="as it is", MessageAttributes={"a": {"DataType": "String", "StringValue": "1"}})
    (message,) = aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=3, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == "as it is"
    assert message["MessageAttributes"] == {"a": {"StringValue": "1", "DataType": "String"}}


@pytest.mark.parametrize(
    "policy, scope, attributes, message, delivered",
    [
        ({"k": ["a"]}, "MessageAttributes", {"k": "a"}, "x", True),
        ({"k": ["a"]}, "MessageAttributes", {"k": "b"}, "x", False),
        ({"k": ["a"]}, "MessageAttributes", {}, "x", False),
        ({"k": [{"anything-but": ["a"]}]}, "MessageAttributes", {"k": "b"}, "x", True),
        ({"k": [{"prefix": "ab"}]}, "MessageAttributes", {"k": "abc"}, "x", True),
        ({"k": [{"exists": False}]}, "MessageAttributes", {}, "x", True),
        ({"o": {"n": [{"numeric": [">", 5, "<=", 10]}]}}, "MessageBody", {}, '{"o":{"n":10}}', True),
        ({"o": {"n": [{"numeric": [">", 5, "<=", 10]}]}}, "MessageBody", {}, '{"o":{"n":5}}', False),
        ({"o": ["x"]}, "MessageBody", {}, "not json", False),
    ],
)
def test_a_filter_policy_decides(aws, topic, subscribe, policy, scope, attributes, message, delivered):
    url = subscribe(FilterPolicy=json.dumps(policy), FilterPolicyScope=scope, RawMessageDelivery="true")
    aws("sns").publish(
        TopicArn=topic, Message=message,
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
    )
    assert bodies(aws, url, wait=1 if delivered else 0) == ([message] if delivered else [])


def test_an_http_subscriber_confirms_and_receives(aws, topic):
    received, seen = [], threading.Condition()

    class Subscriber(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with seen:
                received.append((self.headers["x-amz-sns-message-type"], body))
                seen.notify_all()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Subscriber)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def wait(count):
        with seen:
            assert seen.wait_for(lambda: len(received) >= count, timeout=10)
            return received[count - 1]

    aws("sns").subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{server.server_port}/hook")
    kind, confirmation = wait(1)
    assert kind == "SubscriptionConfirmation"
    aws("sns").confirm_subscription(TopicArn=topic, Token=confirmation["Token"])
    aws("sns").publish(TopicArn=topic, Message="over http")
    kind, notification = wait(2)
    assert (kind, notification["Message"]) == ("Notification", "over http")
    server.shutdown()


def test_a_fifo_topic_keeps_order_and_drops_doubles(aws):
    sns, sqs = aws("sns"), aws("sqs")
    name = uuid.uuid4().hex
    topic = sns.create_topic(Name=f"{name}.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})["TopicArn"]
    url = sqs.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    for message in ["1", "2", "2", "3"]:
        assert sns.publish(TopicArn=topic, Message=message, MessageGroupId="g")["SequenceNumber"]
    assert bodies(aws, url) == ["1", "2", "3"]


def test_a_batch_reports_each_entry(aws, topic, subscribe):
    url = subscribe(RawMessageDelivery="true")
    answer = aws("sns").publish_batch(
        TopicArn=topic, PublishBatchRequestEntries=[{"Id": str(index), "Message": f"m{index}"} for index in range(10)]
    )
    assert len(answer["Successful"]) == 10 and not answer.get("Failed")
    assert sorted(bodies(aws, url)) == sorted(f"m{index}" for index in range(10))


def test_errors_are_those_of_aws(aws):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        aws("sns").publish(TopicArn="arn:aws:sns:us-east-1:000000000000:absent", Message="x")
    assert caught.value.response["Error"]["Code"] == "NotFound"
    assert caught.value.response["Error"]["Message"] == "Topic does not exist"

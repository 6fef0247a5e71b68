"""An old SQS client: the query protocol, form in, XML out."""

import http.client
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree

import pytest

NAMESPACE = "{http://queue.amazonaws.com/doc/2012-11-05/}"
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
)


@pytest.fixture
def call(baton):
    def send(action, path="/", **parameters):
        connection = http.client.HTTPConnection("127.0.0.1", baton.port)
        body = urllib.parse.urlencode({"Action": action, "Version": "2012-11-05", **parameters})
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Authorization": AUTHORIZATION}
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        assert response.headers["Content-Type"].startswith("text/xml")
        return response.status, ElementTree.fromstring(response.read())

    return send


def text(tree, name):
    return tree.find(f".//{NAMESPACE}{name}").text


def test_a_message_travels(call):
    status, created = call("CreateQueue", **{"QueueName": f"old-{uuid.uuid4().hex}", "Attribute.1.Name": "DelaySeconds", "Attribute.1.Value": "0"})
    assert status == 200
    assert created.tag == f"{NAMESPACE}CreateQueueResponse"
    path = urllib.parse.urlparse(text(created, "QueueUrl")).path
    status, sent = call(
        "SendMessage", path, MessageBody="<old & good>",
        **{"MessageAttribute.1.Name": "a", "MessageAttribute.1.Value.DataType": "String", "MessageAttribute.1.Value.StringValue": "v"},
    )
    assert status == 200 and text(sent, "MessageId")
    _, received = call("ReceiveMessage", path, WaitTimeSeconds=2, **{"MessageAttributeName.1": "All", "AttributeName.1": "All"})
    message = received.find(f".//{NAMESPACE}Message")
    assert text(message, "Body") == "<old & good>"
    assert text(message.find(f"{NAMESPACE}MessageAttribute"), "StringValue") == "v"
    status, _ = call("DeleteMessage", path, ReceiptHandle=text(message, "ReceiptHandle"))
    assert status == 200
    _, batch = call(
        "SendMessageBatch", path,
        **{"SendMessageBatchRequestEntry.1.Id": "x", "SendMessageBatchRequestEntry.1.MessageBody": "1"},
    )
    assert text(batch.find(f".//{NAMESPACE}SendMessageBatchResultEntry"), "Id") == "x"


def test_an_error_is_an_error_response(call):
    status, error = call("GetQueueUrl", QueueName="absent")
    assert status == 400
    assert error.tag == f"{NAMESPACE}ErrorResponse"
    assert text(error, "Code") == "AWS.SimpleQueueService.NonExistentQueue"
    assert text(error, "Type") == "Sender"
    assert error.find(f"{NAMESPACE}RequestId").text


def test_an_unknown_action_is_named(call):
    status, error = call("Dance")
    assert status == 400 and text(error, "Code") == "InvalidAction"

"""Clients that send what no client should: an AWS error or a closed connection, and Baton goes on.

FUZZ_SECONDS: how long random requests are sent (default 20). CRASH_SEED: another run.
"""

import base64
import json
import os
import random
import re
import time
import urllib.parse
import urllib.request

import pytest

import raw
from raw import Request, talk
from test_kill import package
from wire import Server

FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
SEED = os.environ.get("CRASH_SEED", "1")


def target(service, prefix, operation, members, version="1.0"):
    return Request(service, "POST", "/", {
        "Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": f"{prefix}.{operation}",
    }, json.dumps(members).encode())


def form(service, version, operation, **members):
    return Request(service, "POST", "/", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
                   urllib.parse.urlencode({"Action": operation, "Version": version, **members}).encode())


def rest(service, method, path, body=b"", content_type="application/json"):
    return Request(service, method, path, {"Content-Type": content_type}, body)


TEMPLATE = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": {"Ref": "P"}}}},
                       "Parameters": {"P": {"Type": "Number", "Default": 1}}})
ITEM = {"id": {"S": "a"}, "n": {"N": "1.5"}, "b": {"B": "AAEC"}, "m": {"M": {"l": {"L": [{"BOOL": True}]}}}, "s": {"SS": ["x"]}}
EXPRESSION = "SET #a = if_not_exists(n, :v) + :v REMOVE m.l[0] ADD c :v"

REQUESTS = {
    "sqs": [
        target("sqs", "AmazonSQS", "CreateQueue", {"QueueName": "q", "Attributes": {"DelaySeconds": "0"}, "tags": {"a": "b"}}),
        target("sqs", "AmazonSQS", "SendMessage", {
            "QueueUrl": "http://127.0.0.1/000000000000/q", "MessageBody": "hello", "DelaySeconds": 0,
            "MessageAttributes": {"a": {"DataType": "Binary", "BinaryValue": "AAEC"}, "n": {"DataType": "Number", "StringValue": "1"}}}),
        target("sqs", "AmazonSQS", "ReceiveMessage", {"QueueUrl": "http://127.0.0.1/000000000000/q", "MaxNumberOfMessages": 10}),
        target("sqs", "AmazonSQS", "SetQueueAttributes", {"QueueUrl": "http://127.0.0.1/000000000000/q", "Attributes": {
            "RedrivePolicy": '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:q","maxReceiveCount":3}', "VisibilityTimeout": "30"}}),
        target("sqs", "AmazonSQS", "DeleteMessage", {"QueueUrl": "http://127.0.0.1/000000000000/q", "ReceiptHandle": "AAAA" * 30}),
        target("sqs", "AmazonSQS", "ListQueues", {"MaxResults": 10, "NextToken": "AAAA", "QueueNamePrefix": "q"}),
        form("sqs", "2012-11-05", "SendMessageBatch", QueueUrl="http://127.0.0.1/000000000000/q", **{
            "SendMessageBatchRequestEntry.1.Id": "a", "SendMessageBatchRequestEntry.1.MessageBody": "b"}),
    ],
    "sns": [
        form("sns", "2010-03-31", "CreateTopic", Name="t", **{"Attributes.entry.1.key": "DisplayName", "Attributes.entry.1.value": "x"}),
        form("sns", "2010-03-31", "Publish", TopicArn="arn:aws:sns:us-east-1:000000000000:t", Message='{"default":"m"}',
             MessageStructure="json", **{"MessageAttributes.entry.1.Name": "k", "MessageAttributes.entry.1.Value.DataType": "Number",
                                         "MessageAttributes.entry.1.Value.StringValue": "1"}),
        form("sns", "2010-03-31", "PublishBatch", TopicArn="arn:aws:sns:us-east-1:000000000000:t", **{
            "PublishBatchRequestEntries.member.1.Id": "a", "PublishBatchRequestEntries.member.1.Message": "m"}),
        form("sns", "2010-03-31", "SetTopicAttributes", TopicArn="arn:aws:sns:us-east-1:000000000000:t", AttributeName="DeliveryPolicy",
             AttributeValue='{"http":{"defaultHealthyRetryPolicy":{"numRetries":3,"minDelayTarget":1,"maxDelayTarget":2}}}'),
        form("sns", "2010-03-31", "ListSubscriptions", NextToken="AAAA"),
        form("sns", "2010-03-31", "Subscribe", TopicArn="arn:aws:sns:us-east-1:000000000000:t", Protocol="sqs",
             Endpoint="arn:aws:sqs:us-east-1:000000000000:q", **{
                 "Attributes.entry.1.key": "FilterPolicy", "Attributes.entry.1.value": '{"k":[{"numeric":[">",1]},{"prefix":"a"}]}'}),
    ],
    "dynamodb": [
        target("dynamodb", "DynamoDB_20120810", "CreateTable", {
            "TableName": "items", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}),
        target("dynamodb", "DynamoDB_20120810", "PutItem", {"TableName": "items", "Item": ITEM, "ConditionExpression": "attribute_not_exists(id) OR size(s) < :l",
                                                            "ExpressionAttributeValues": {":l": {"N": "3"}}}),
        target("dynamodb", "DynamoDB_20120810", "UpdateItem", {
            "TableName": "items", "Key": {"id": {"S": "a"}}, "UpdateExpression": EXPRESSION,
            "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":v": {"N": "1"}}}),
        target("dynamodb", "DynamoDB_20120810", "Query", {
            "TableName": "items", "KeyConditionExpression": "id = :i", "FilterExpression": "contains(s, :i) AND NOT (n BETWEEN :i AND :i)",
            "ProjectionExpression": "id, m.l[0]", "ExpressionAttributeValues": {":i": {"S": "a"}}}),
        target("dynamodb", "DynamoDB_20120810", "Scan", {
            "TableName": "items", "Limit": 2, "ExclusiveStartKey": {"id": {"S": "a"}}, "Segment": 0, "TotalSegments": 2, "FilterExpression": "n > :n",
            "ExpressionAttributeValues": {":n": {"N": "-1e10"}}}),
        target("dynamodb", "DynamoDB_20120810", "BatchWriteItem", {"RequestItems": {"items": [{"PutRequest": {"Item": ITEM}}, {"DeleteRequest": {"Key": {"id": {"S": "z"}}}}]}}),
        target("dynamodb", "DynamoDB_20120810", "BatchGetItem", {"RequestItems": {"items": {"Keys": [{"id": {"S": "a"}}], "ProjectionExpression": "#a", "ExpressionAttributeNames": {"#a": "n"}}}}),
    ],
    "lambda": [
        rest("lambda", "POST", "/2015-03-31/functions", json.dumps({
            "FunctionName": "real", "Role": "arn:aws:iam::000000000000:role/r", "Runtime": "python3.11", "Handler": "m.h", "Timeout": 3,
            "Environment": {"Variables": {"AB": "b"}}, "Tags": {"a": "b"}, "Layers": [], "MemorySize": 128,
            "Code": {"ZipFile": base64.b64encode(package("")).decode()}}).encode()),
        rest("lambda", "PUT", "/2015-03-31/functions/real/configuration", b'{"Timeout":4,"Environment":{"Variables":{"AB":"c"}}}'),
        rest("lambda", "POST", "/2015-03-31/functions/real/policy", b'{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"sns.amazonaws.com"}'),
        rest("lambda", "POST", "/2015-03-31/functions/real/aliases", b'{"Name":"live","FunctionVersion":"$LATEST"}'),
        rest("lambda", "POST", "/2015-03-31/functions", json.dumps({
            "FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r", "Runtime": "python3.11", "Handler": "m.h",
            "Code": {"ZipFile": base64.b64encode(b"PK\x03\x04 not a zip").decode()}}).encode()),
        rest("lambda", "GET", "/2015-03-31/functions?MaxItems=10"),
        rest("lambda", "POST", "/2015-03-31/functions/none/invocations?Qualifier=1", b'{"a":1}').but(headers={"X-Amz-Invocation-Type": "Event"}),
        rest("lambda", "POST", "/2015-03-31/event-source-mappings/", b'{"FunctionName":"f","EventSourceArn":"arn:aws:sqs:us-east-1:000000000000:q"}'),
    ],
    "s3": [
        rest("s3", "PUT", "/bucket", b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>", "application/xml"),
        rest("s3", "PUT", "/bucket/key", b"content", "text/plain").but(headers={"x-amz-meta-a": "b", "x-amz-tagging": "a=b"}),
        rest("s3", "GET", "/bucket/key").but(headers={"Range": "bytes=0-3"}),
        rest("s3", "GET", "/bucket?list-type=2&prefix=k&max-keys=10&delimiter=%2F"),
        rest("s3", "POST", "/bucket?delete", b"<Delete><Object><Key>a</Key></Object></Delete>", "application/xml"),
        rest("s3", "POST", "/bucket/key?uploads"),
        rest("s3", "POST", "/bucket/key?uploadId=1", b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>", "application/xml"),
        rest("s3", "PUT", "/bucket/copy", b"", "text/plain").but(headers={"x-amz-copy-source": "/bucket/key?versionId=null", "x-amz-copy-source-if-match": '"a"'}),
        rest("s3", "PUT", "/bucket?tagging", b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>", "application/xml"),
        rest("s3", "GET", "/bucket?list-type=2&continuation-token=AAAA&start-after=k"),
        rest("s3", "HEAD", "/bucket/key"),
        rest("s3", "PUT", "/bucket/chunks", b"4;chunk-signature=0\r\nabcd\r\n0;chunk-signature=0\r\n\r\n", "text/plain").but(
            headers={"X-Amz-Content-Sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "X-Amz-Decoded-Content-Length": "4"}),
    ],
    "cloudformation": [
        form("cloudformation", "2010-05-15", "ValidateTemplate", TemplateBody=TEMPLATE),
        form("cloudformation", "2010-05-15", "CreateStack", StackName="s", TemplateBody="Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Sub 'a-${AWS::Region}'}}}",
             **{"Parameters.member.1.ParameterKey": "P", "Parameters.member.1.ParameterValue": "1"}),
        form("cloudformation", "2010-05-15", "CreateStack", StackName="conditions", TemplateBody=json.dumps({
            "Parameters": {"P": {"Type": "CommaDelimitedList", "Default": "a,b", "AllowedValues": ["a", "b"]}},
            "Mappings": {"M": {"us-east-1": {"k": "v"}}}, "Conditions": {"C": {"Fn::And": [{"Fn::Equals": ["a", {"Ref": "AWS::Region"}]}, {"Fn::Not": [{"Condition": "D"}]}]}, "D": {"Fn::Equals": ["a", "b"]}},
            "Resources": {"T": {"Type": "AWS::SNS::Topic", "Condition": "C", "Properties": {"DisplayName": {"Fn::Join": ["-", [
                {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "k"]}, {"Fn::Select": ["0", {"Ref": "P"}]}, {"Fn::Sub": ["${a}${!b}", {"a": {"Fn::Base64": "x"}}]},
                {"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}]]}}}},
            "Outputs": {"O": {"Condition": "C", "Value": {"Fn::GetAtt": ["T", "TopicArn"]}, "Export": {"Name": "e"}}}})),
        form("cloudformation", "2010-05-15", "DeleteStack", StackName="conditions"),
        form("cloudformation", "2010-05-15", "DescribeStackEvents", StackName="conditions", NextToken="AAAA"),
    ],
    "iam": [
        form("iam", "2010-05-08", "ListRoles", PathPrefix="/", MaxItems="10", Marker="AAAA"),
        form("iam", "2010-05-08", "PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument='{"Version":"2012-10-17","Statement":[]}'),
        form("iam", "2010-05-08", "CreateRole", RoleName="r", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'),
    ],
    "sts": [
        form("sts", "2011-06-15", "GetCallerIdentity"),
        form("sts", "2011-06-15", "AssumeRole", RoleArn="arn:aws:iam::000000000000:role/r", RoleSessionName="s", DurationSeconds="900"),
    ],
    "logs": [
        target("logs", "Logs_20140328", "CreateLogGroup", {"logGroupName": "g"}, "1.1"),
        target("logs", "Logs_20140328", "CreateLogStream", {"logGroupName": "g", "logStreamName": "s"}, "1.1"),
        target("logs", "Logs_20140328", "PutLogEvents", {"logGroupName": "g", "logStreamName": "s", "logEvents": [
            {"timestamp": 1_700_000_000_000, "message": '{"a":"b","c":2}'}, {"timestamp": 1, "message": "old"}]}, "1.1"),
        target("logs", "Logs_20140328", "GetLogEvents", {"logGroupName": "g", "logStreamName": "s", "startTime": 0, "limit": 10, "nextToken": "f/1"}, "1.1"),
        target("logs", "Logs_20140328", "FilterLogEvents", {"logGroupName": "g", "filterPattern": "[a, b != 1, ...]", "startTime": 0, "endTime": 1_800_000_000_000}, "1.1"),
        target("logs", "Logs_20140328", "FilterLogEvents", {"logGroupName": "g", "filterPattern": '{ $.a = "b" && $.c > 1 } '}, "1.1"),
    ],
}
EACH = [pytest.param(request, id=f"{service}-{index}") for service, found in REQUESTS.items() for index, request in enumerate(found)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("bad"))
    yield server
    assert health(server) == "ok"
    log = (server.folder / "baton.log").read_text()
    assert server.stop() == 0
    assert "unexpected error" not in log, re.findall(".*unexpected error.*", log)[:5]


def health(server):
    with urllib.request.urlopen(f"{server.endpoint}/_baton/health", timeout=30) as answer:
        return json.load(answer)["status"]


def memory(server):
    """Resident bytes."""
    with open(f"/proc/{server.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def ask(server, request, **options):
    data = request if isinstance(request, bytes) else request.bytes()
    answer = talk(server.port, data, **options)
    raw.check(answer, data)
    return answer


# MARK: One wrong thing at a time


@pytest.mark.parametrize("request_", EACH)
def test_the_requests_themselves_are_understood(server, request_):
    assert ask(server, request_) is not None


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_truncated_bodies(server, request_, kept):
    data = request_.bytes()
    body = int(len(request_.body) * kept)
    ask(server, data[:len(data) - len(request_.body) + body])


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-amz-cbor-1.1", "multipart/form-data; boundary=x", "é\x01", None])
def test_wrong_content_types(server, request_, kind):
    ask(server, request_.but(headers={"Content-Type": kind}))


@pytest.mark.parametrize("request_", EACH)
def test_one_byte_at_a_time(server, request_):
    assert ask(server, request_, piece=1) is not None


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("name, value", [("X-Long", "x" * 100_000), ("X-Amz-Target", "x" * 60_000), ("Authorization", "AWS4-HMAC-SHA256 " + "," * 50_000)])
def test_huge_headers(server, request_, name, value):
    answer = ask(server, request_.but(headers={name: value}))
    assert len(value) < 65_536 or answer is None or answer.status == 431


def test_too_many_headers(server):
    assert ask(server, Request("sqs", "GET", "/", {f"X-{index}": "y" for index in range(5_000)})).status == 431


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("junk", [b"\xff\xfe\xfd", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\xe2\x82"])
def test_invalid_utf8(server, request_, junk):
    middle = len(request_.body) // 2
    for place in (0, middle, len(request_.body)):
        body = request_.body[:place] + junk + request_.body[place:]
        ask(server, request_.but(body=body))
    escaped = urllib.parse.quote_from_bytes(junk)
    ask(server, request_.but(path=request_.path + ("&" if "?" in request_.path else "?") + f"marker={escaped}"))
    ask(server, request_.but(path=request_.path.rstrip("/") + f"/{escaped}"))


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "0x10", "5, 5", "5,6", "", " ", "1", "1000000"])
def test_wrong_content_length(server, request_, length):
    ask(server, request_.but(headers={"Content-Length": length}))


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("coding, body", [
    ("chunked", b"zz\r\nab\r\n0\r\n\r\n"), ("chunked", b"ffffffffffffffff\r\nab"), ("chunked", b"5\r\nab"), ("chunked", b"-1\r\n"),
    ("gzip", b"abc"), ("chunked, chunked", b"0\r\n\r\n"), ("chunked", b"1" * 70_000),
])
def test_wrong_transfer_codings(server, request_, coding, body):
    ask(server, request_.but(body=body, headers={"Transfer-Encoding": coding, "Content-Length": None}))


@pytest.mark.parametrize("request_", EACH)
@pytest.mark.parametrize("method", ["BREW", "get", "TRACE", "CONNECT", "PROPFIND", "X" * 1000, "\x01", "POST POST", "OPTIONS"])
def test_unknown_methods(server, request_, method):
    ask(server, request_.but(method=method))


DEEP = 10_000


def nested(opening, closing, core="1"):
    return opening * DEEP + core + closing * DEEP


def deep_requests():
    values = {"array": nested("[", "]"), "object": nested('{"a":', "}"), "open": "[" * DEEP * 10, "mixed": nested('[{"a":', "}]")}
    for name, text in values.items():
        for service, found in REQUESTS.items():
            for index, request in enumerate(found):
                if "json" in request.headers["Content-Type"]:
                    yield f"{service}-{index}-{name}", request.but(body=text.encode())
                    yield f"{service}-{index}-{name}-inside", request.but(body=request.body[:-1] + f',"Deep":{text}}}'.encode())
        yield f"topic-{name}", form("sns", "2010-03-31", "Publish", TopicArn="arn:aws:sns:us-east-1:000000000000:t", Message=text, MessageStructure="json")
        yield f"policy-{name}", form(
            "sns", "2010-03-31", "Subscribe", TopicArn="arn:aws:sns:us-east-1:000000000000:t", Protocol="sqs",
            Endpoint="arn:aws:sqs:us-east-1:000000000000:q", **{"Attributes.entry.1.key": "FilterPolicy", "Attributes.entry.1.value": text})
        yield f"template-{name}", form("cloudformation", "2010-05-15", "ValidateTemplate", TemplateBody=text)
        yield f"role-{name}", form("iam", "2010-05-08", "CreateRole", RoleName="r", AssumeRolePolicyDocument=text)
    flow = {"flow": nested("[", "]"), "block": "\n".join(" " * depth + "a:" for depth in range(1_000)), "tag": "!Not " * DEEP + "a", "alias": ALIASES}
    for name, text in flow.items():
        yield f"yaml-{name}", form("cloudformation", "2010-05-15", "ValidateTemplate", TemplateBody="Resources: " + text)
    value = {"NULL": True}
    for _ in range(200):
        value = {"M": {"a": value}}
    yield "item", target("dynamodb", "DynamoDB_20120810", "PutItem", {"TableName": "items", "Item": {"id": {"S": "d"}, "v": value}})
    for name, text in {"parentheses": nested("(", ")", "a = :v"), "not": "NOT " * DEEP + "a = :v", "path": "a" + ".a" * DEEP, "index": "a" + "[0]" * DEEP, "and": "a = :v" + " AND a = :v" * DEEP}.items():
        yield f"condition-{name}", target("dynamodb", "DynamoDB_20120810", "PutItem", {
            "TableName": "items", "Item": ITEM, "ConditionExpression": text, "ExpressionAttributeValues": {":v": {"S": "a"}}})
    parenthesised = {"parentheses": "(" * 1_900 + "a = :v" + ")" * 1_900, "not": "NOT " * 1_000 + "a = :v", "path": "a = :v AND a" + ".a" * 1_900 + " = :v"}
    for name, text in parenthesised.items():
        yield f"small-condition-{name}", target("dynamodb", "DynamoDB_20120810", "PutItem", {
            "TableName": "items", "Item": ITEM, "ConditionExpression": text, "ExpressionAttributeValues": {":v": {"S": "a"}}})
    for name, text in {"object": '{"a":' * 7_000 + "1" + "}" * 7_000, "functions": '{"Fn::Join":["",[' * 2_500 + '"a"' + "]]}" * 2_500,
                       "flow": "[" * 25_000, "quotes": "'" * 50_000, "block": "".join(" " * depth + "a:\n" for depth in range(300))}.items():
        yield f"small-template-{name}", form("cloudformation", "2010-05-15", "ValidateTemplate", TemplateBody=text)
        yield f"small-resources-{name}", form("cloudformation", "2010-05-15", "CreateStack", StackName="deep", TemplateBody=(
            '{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":' + text + "}}}}"))
    for depth in (31, 32, 33, 100):
        value = {"NULL": True}
        for _ in range(depth):
            value = {"L": [value]}
        yield f"item-{depth}", target("dynamodb", "DynamoDB_20120810", "PutItem", {"TableName": "items", "Item": {"id": {"S": "d"}, "v": value}})
    yield "xml", rest("s3", "POST", "/bucket?delete", nested("<a>", "</a>").encode(), "application/xml")
    yield "entities", rest("s3", "POST", "/bucket?delete", BILLION_LAUGHS, "application/xml")
    yield "pattern", target("logs", "Logs_20140328", "FilterLogEvents", {"logGroupName": "g", "filterPattern": "{" + nested("(", ")", "$.a = 1") + "}"}, "1.1")
    yield "members", form("sns", "2010-03-31", "Publish", **{"Message" + ".member.1" * DEEP: "a"})


ALIASES = "{a: &a [x,x,x,x,x,x,x,x,x], " + ", ".join(
    f"{chr(98 + index)}: &{chr(98 + index)} [{','.join(['*' + chr(97 + index)] * 9)}]" for index in range(9)) + "}"
BILLION_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + index)} "{f"&{chr(97 + index)};" * 10}">'.encode() for index in range(9)
) + b"]><Delete><Object><Key>&j;</Key></Object></Delete>"


@pytest.mark.parametrize("request_", [pytest.param(request, id=name) for name, request in deep_requests()])
def test_deep_nesting(server, request_):
    answer = ask(server, request_)
    assert answer is not None
    assert health(server) == "ok"


@pytest.mark.parametrize("key", [
    "..", ".", "../../../escaped", "/escaped", "a/../../escaped", "a//b", "a\\..\\escaped", "%2e%2e%2fescaped", "\x01", "é" * 500, "a" * 1024,
    "escaped\n", "-rf", "~/escaped", "$(touch escaped)", "con",
])
def test_object_keys_are_only_names(server, key):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="names")
    s3.put_object(Bucket="names", Key=key, Body=key.encode())
    assert s3.get_object(Bucket="names", Key=key)["Body"].read() == key.encode()
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="names")["Contents"]] == [key]
    s3.delete_object(Bucket="names", Key=key)
    assert not list(server.folder.parent.rglob("*escaped*"))


# MARK: Anything


def flip(dice, data):
    place = dice.randrange(len(data))
    return data[:place] + bytes([dice.randrange(256)]) + data[place + 1:]


def cut(dice, data):
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randrange(1, 20):]


def double(dice, data):
    start = dice.randrange(len(data))
    end = start + dice.randrange(1, 50)
    return data[:end] + data[start:end] * dice.choice([1, 2, 50]) + data[end:]


def insert(dice, data):
    place = dice.randrange(len(data))
    return data[:place] + dice.choice(JUNK) + data[place:]


def number(dice, data):
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    one = dice.choice(found)
    return data[:one.start()] + dice.choice([b"-1", b"0", b"1e999", b"9" * 40, b"2147483648", b"9223372036854775808", b"0.5"]) + data[one.end():]


def splice(dice, data):
    other = dice.choice(ALL)
    return data[:dice.randrange(len(data))] + other[dice.randrange(len(other)):]


JUNK = [b"\x00", b"\xff", b"\xc3\x28", b"\r\n", b"\n", b"%", b"%zz", b"%00", b"../", b"..%2f", b"\"", b"\\u", b"\\ud800", b"{", b"[", b"<", b"&", b"&#x0;",
        b"]]>", b"${", b"!", b"*", b":", b"'", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa9", b"A" * 3000, b"null", b"true", b"{}", b"[]", b"''; --", b"\x7f"]
ALL = [request.bytes() for found in REQUESTS.values() for request in found]
MUTATIONS = [flip, flip, cut, double, insert, insert, number, splice]


def changed(dice, text):
    data = text.encode()
    for _ in range(dice.choice([1, 1, 2, 4])):
        data = dice.choice(MUTATIONS[:-1])(dice, data or b"x")
    return data.decode(errors="replace")


def leaves(tree, path=()):
    """Every place in a tree, containers included."""
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from leaves(value, (*path, key))


def odd_tree(dice, tree):
    """The tree with one value that does not belong there, or with an odd name."""
    path = dice.choice(list(leaves(tree))[1:])
    holder = tree
    for key in path[:-1]:
        holder = holder[key]
    old = holder[path[-1]]
    value = old if isinstance(old, str) else json.dumps(old)
    holder[path[-1]] = dice.choice([
        changed(dice, value), changed(dice, value), changed(dice, value), None, True, 0, -1, 1.5, 10**30, "", [], {}, [old, old],
        {"a": old}, value * 1000])
    if isinstance(holder, dict) and dice.random() < 0.1:
        holder[changed(dice, path[-1])] = holder.pop(path[-1])
    return tree


def odd_value(dice, request):
    """A request that is well-formed and carries an odd value, so that it comes past the codec."""
    kind = request.headers["Content-Type"]
    if "json" in kind and request.body.startswith(b"{"):
        return request.but(body=json.dumps(odd_tree(dice, json.loads(request.body))).encode())
    if "form" in kind:
        fields = urllib.parse.parse_qsl(request.body.decode())
        index = dice.randrange(1, len(fields)) if len(fields) > 1 else 0
        name, value = fields[index]
        fields[index] = (name, changed(dice, value)) if dice.random() < 0.8 else (changed(dice, name), value)
        return request.but(body=urllib.parse.urlencode(fields).encode())
    path = changed(dice, request.path[1:])
    return request.but(path="/" + urllib.parse.quote(path, safe="/?&=%"))


def mutated(dice):
    request = dice.choice([request for found in REQUESTS.values() for request in found])
    times, kind = dice.choice([1, 1, 2, 3, 8]), dice.random()
    if kind < 0.5:
        return odd_value(dice, request).bytes()
    if kind < 0.75 and request.body:
        body = request.body
        for _ in range(times):
            body = dice.choice(MUTATIONS)(dice, body) or b"x"
        return request.but(body=body).bytes()
    data = request.bytes()
    for _ in range(times):
        data = dice.choice(MUTATIONS)(dice, data) or b"x"
    return data


def test_random_requests(server):
    dice, end, count = random.Random(SEED), time.monotonic() + FUZZ_SECONDS, 0
    while time.monotonic() < end:
        data = dice.randbytes(dice.randrange(1, 5_000)) if dice.random() < 0.02 else mutated(dice)
        ask(server, data)
        count += 1
    print(f"{count} requests")
    assert health(server) == "ok"


def test_memory_stays_bounded(server):
    """What bad requests cost does not add up: large ones again and again leave no trace."""
    bodies = [b"[" * 200_000, b'{"a":"' + b"x" * 200_000, b'{"QueueName":"' + b"\\u0041" * 100_000 + b'"}']
    requests = [request.but(body=body) for body in bodies for found in REQUESTS.values() for request in found[:1]]

    def rounds(count):
        for _ in range(count):
            for request in requests:
                ask(server, request)
        return memory(server)

    before = rounds(1)
    after = rounds(4)
    assert after < before + 64 * 1024 * 1024, f"{before} bytes grew to {after}"
    assert after < 512 * 1024 * 1024

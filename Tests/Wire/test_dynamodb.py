"""DynamoDB as boto3's client and resource APIs see it."""

import uuid
from decimal import Decimal

import boto3
import botocore.exceptions
import pytest
from boto3.dynamodb.conditions import Attr, Key

from conftest import CONFIG


@pytest.fixture
def resource(baton):
    return boto3.resource(
        "dynamodb", endpoint_url=baton.endpoint, aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1", config=CONFIG
    )


@pytest.fixture
def table(resource):
    table = resource.create_table(
        TableName=f"t-{uuid.uuid4().hex}",
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"},
            {"AttributeName": "g", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    table.wait_until_exists()
    yield table
    table.delete()


def test_an_item_of_every_type_comes_back(table):
    item = {
        "p": "k", "s": Decimal("1"), "text": "Zürich", "n": Decimal("-0.000123"), "b": b"\x00\x01", "yes": True, "none": None,
        "list": [Decimal(1), "a", {"x": []}], "map": {"k": {"v": "w"}}, "ss": {"a", "b"}, "ns": {Decimal(1), Decimal("2.5")},
        "bs": {b"x", b"y"},
    }
    table.put_item(Item=item)
    got = table.get_item(Key={"p": "k", "s": 1}, ConsistentRead=True)["Item"]
    assert {key: getattr(value, "value", value) for key, value in got.items() if key != "bs"} == {
        key: value for key, value in item.items() if key != "bs"
    }
    assert {bytes(value) for value in got["bs"]} == item["bs"]


def test_an_update_changes_and_answers(table):
    table.put_item(Item={"p": "k", "s": 1, "n": 1, "list": [1], "set": {"a"}})
    answer = table.update_item(
        Key={"p": "k", "s": 1},
        UpdateExpression="SET n = n + :one, #l = list_append(#l, :more), fresh = if_not_exists(fresh, :one) ADD #set :set REMOVE gone",
        ExpressionAttributeNames={"#l": "list", "#set": "set"},
        ExpressionAttributeValues={":one": 1, ":more": [2], ":set": {"b"}},
        ReturnValues="ALL_NEW",
    )
    assert answer["Attributes"] == {"p": "k", "s": 1, "n": 2, "list": [1, 2], "set": {"a", "b"}, "fresh": 1}


def test_a_condition_that_fails_changes_nothing(table):
    table.put_item(Item={"p": "k", "s": 1, "v": "old"})
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        table.put_item(Item={"p": "k", "s": 1, "v": "new"}, ConditionExpression=Attr("p").not_exists())
    assert caught.value.response["Error"] == {"Message": "The conditional request failed", "Code": "ConditionalCheckFailedException"}
    assert table.get_item(Key={"p": "k", "s": 1})["Item"]["v"] == "old"


def test_a_query_reads_in_order_and_by_pages(table):
    with table.batch_writer() as batch:
        for number in range(50):
            batch.put_item(Item={"p": "k", "s": number, "g": "even" if number % 2 == 0 else "odd", "double": number * 2})
    found, start = [], {}
    while True:
        page = table.query(KeyConditionExpression=Key("p").eq("k") & Key("s").between(10, 39), Limit=7, ScanIndexForward=False, **start)
        found += [int(item["s"]) for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert found == list(range(39, 9, -1))
    by_index = table.query(IndexName="by-g", KeyConditionExpression=Key("g").eq("odd"), FilterExpression=Attr("double").lt(10))
    assert [int(item["s"]) for item in by_index["Items"]] == [1, 3]
    assert by_index["ScannedCount"] == 25


def test_a_scan_in_segments_finds_everything_once(table):
    with table.batch_writer() as batch:
        for number in range(40):
            batch.put_item(Item={"p": f"k{number}", "s": 0})
    found = [item["p"] for segment in range(4) for item in table.scan(Segment=segment, TotalSegments=4)["Items"]]
    assert sorted(found) == sorted(f"k{number}" for number in range(40))


def test_a_batch_reads_what_exists(resource, table):
    table.put_item(Item={"p": "a", "s": 1})
    answer = resource.batch_get_item(RequestItems={table.name: {"Keys": [{"p": "a", "s": 1}, {"p": "b", "s": 1}]}})
    assert answer["Responses"][table.name] == [{"p": "a", "s": 1}]


@pytest.mark.parametrize(
    "call, code, message",
    [
        (lambda table: table.get_item(Key={"p": "k"}), "ValidationException", "The provided key element does not match the schema"),
        (lambda table: table.put_item(Item={"p": "k"}), "ValidationException", "One or more parameter values were invalid: Missing the key s in the item"),
        (lambda table: table.put_item(Item={"p": "", "s": 1}), "ValidationException", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"),
        (lambda table: table.scan(FilterExpression="a ="), "ValidationException", 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "="'),
        (lambda table: table.scan(FilterExpression="a = :v"), "ValidationException", "Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute value: :v"),
    ],
)
def test_errors_are_those_of_aws(table, call, code, message):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(table)
    assert caught.value.response["Error"] == {"Message": message, "Code": code}


def test_transactions_tell_why_they_were_cancelled(aws, table):
    client = aws("dynamodb")
    put = {"Put": {"TableName": table.name, "Item": {"p": {"S": "t"}, "s": {"N": "1"}}}}
    client.transact_write_items(TransactItems=[put])
    guarded = {"Put": {**put["Put"], "ConditionExpression": "attribute_not_exists(p)",
                       "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}
    other = {"Delete": {"TableName": table.name, "Key": {"p": {"S": "u"}, "s": {"N": "1"}}}}
    with pytest.raises(client.exceptions.TransactionCanceledException) as failure:
        client.transact_write_items(TransactItems=[other, guarded])
    reasons = failure.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == put["Put"]["Item"]
    got = client.transact_get_items(
        TransactItems=[{"Get": {"TableName": table.name, "Key": {"p": {"S": key}, "s": {"N": "1"}}}} for key in "tu"])
    assert got["Responses"] == [{"Item": put["Put"]["Item"]}, {}]


def test_partiql(aws, table):
    client = aws("dynamodb")
    client.execute_statement(
        Statement=f"INSERT INTO \"{table.name}\" VALUE {{'p': 'q', 's': ?, 'list': [1, 'two']}}", Parameters=[{"N": "7"}])
    found = client.execute_statement(Statement=f"SELECT list FROM \"{table.name}\" WHERE p = 'q' AND s = 7")
    assert found["Items"] == [{"list": {"L": [{"N": "1"}, {"S": "two"}]}}]
    with pytest.raises(client.exceptions.DuplicateItemException):
        client.execute_statement(Statement=f"INSERT INTO \"{table.name}\" VALUE {{'p': 'q', 's': 7}}")
    batch = client.batch_execute_statement(
        Statements=[{"Statement": f"DELETE FROM \"{table.name}\" WHERE p = 'q' AND s = 7"},
                    {"Statement": f"UPDATE \"{table.name}\" SET a = 1 WHERE p = 'q' AND s = 7"}])
    assert "Error" not in batch["Responses"][0]
    assert batch["Responses"][1]["Error"]["Code"] == "ConditionalCheckFailed"

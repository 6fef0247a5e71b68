"""HTTP APIs, streams and notifications as real clients see them, made by one SAM template."""

import json
import urllib.request
import uuid

from conftest import eventually

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"path": event["rawPath"], "who": event["pathParameters"]["who"], "body": event.get("body")}
      Events:
        Post: {Type: HttpApi, Properties: {Path: '/echo/{who}', Method: post}}
  Listener:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      Environment: {Variables: {QUEUE: !Ref Queue}}
      InlineCode: |
        import json, os, boto3
        def handler(event, context):
            boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
      Events:
        Files: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: 's3:ObjectCreated:*', Filter: {S3Key: {Rules: [{Name: suffix, Value: .json}]}}}}
        Rows: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: TRIM_HORIZON, BatchSize: 1}}
        Rule: {Type: EventBridgeRule, Properties: {Pattern: {source: [!Ref 'AWS::StackName']}}}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
Outputs:
  Api: {Value: !Ref ServerlessHttpApi}
  Bucket: {Value: !Ref Bucket}
  Queue: {Value: !Ref Queue}
  Table: {Value: !Ref Table}
"""


def test_a_sam_template_connects_functions_with_everything(aws, baton):
    cloudformation = aws("cloudformation")
    stack = f"s{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(
        StackName=stack, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    for url, host in [
        (f"{baton.endpoint}/_aws/execute-api/{outputs['Api']}/$default/echo/me", None),
        (f"{baton.endpoint}/echo/me", f"{outputs['Api']}.execute-api.localhost:{baton.port}"),
    ]:
        request = urllib.request.Request(url, data=b"hello", method="POST", headers={"Content-Type": "text/plain"})
        if host:
            request.add_header("Host", host)
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer) == {"path": "/echo/me", "who": "me", "body": "hello"}

    def next_event():
        def receive():
            found = aws("sqs").receive_message(QueueUrl=outputs["Queue"], WaitTimeSeconds=5).get("Messages")
            if found:
                aws("sqs").delete_message(QueueUrl=outputs["Queue"], ReceiptHandle=found[0]["ReceiptHandle"])
            return found
        return json.loads(eventually(receive, what="an event", timeout=30)[0]["Body"])

    aws("s3").put_object(Bucket=outputs["Bucket"], Key="a.csv", Body=b"1")
    aws("s3").put_object(Bucket=outputs["Bucket"], Key="a b.json", Body=b"{}")
    record = next_event()["Records"][0]
    assert (record["eventName"], record["s3"]["object"]["key"]) == ("ObjectCreated:Put", "a+b.json")

    aws("dynamodb").put_item(TableName=outputs["Table"], Item={"id": {"S": "1"}})
    record = next_event()["Records"][0]
    assert (record["eventName"], record["dynamodb"]["NewImage"]) == ("INSERT", {"id": {"S": "1"}})
    stream = aws("dynamodb").describe_table(TableName=outputs["Table"])["Table"]["LatestStreamArn"]
    streams = aws("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    assert len(streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]) == 1

    aws("events").put_events(Entries=[{"Source": stack, "DetailType": "t", "Detail": "{}"}])
    assert next_event()["source"] == stack

    aws("s3").delete_object(Bucket=outputs["Bucket"], Key="a.csv")
    aws("s3").delete_object(Bucket=outputs["Bucket"], Key="a b.json")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    assert outputs["Api"] not in [api["ApiId"] for api in aws("apigatewayv2").get_apis()["Items"]]

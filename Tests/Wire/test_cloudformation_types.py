"""Every type of resource: made by a template, changed, taken away again."""

import json
import uuid

import botocore.exceptions
import pytest

TEMPLATE = """
Parameters:
  Step: {Type: String, Default: first}
Conditions:
  First: !Equals [!Ref Step, first]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Ref Step
      Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]
      Tags: [{Key: step, Value: !Ref Step}]
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: '*', Action: 'sns:Publish', Resource: !Ref Topic}]
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !If [First, 45, 60]
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: '3'}
      Tags: [{Key: step, Value: !Ref Step}]
  Dead: {Type: AWS::SQS::Queue, Properties: {FifoQueue: !If [First, !Ref 'AWS::NoValue', !Ref 'AWS::NoValue']}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn}]
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: at, AttributeType: N}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - {IndexName: by-time, KeySchema: [{AttributeName: at, KeyType: HASH}], Projection: {ProjectionType: ALL}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
      Tags: [{Key: step, Value: !Ref Step}]
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '${Bucket.Arn}/*'}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: !Ref Step
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      ManagedPolicyArns: [!Ref Managed]
      Policies:
        - PolicyName: own
          PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'logs:*', Resource: '*'}]}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: attached
      Roles: [!Ref Role]
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: !Sub 'sns:${Step}', Resource: '*'}]}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  User: {Type: AWS::IAM::User}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: '10'
      Environment: {Variables: {STEP: !Ref Step, NUMBER: 5}}
      Code:
        ZipFile: |
          import os
          def handler(event, context):
              return {"step": os.environ["STEP"], "event": event}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Action: 'lambda:InvokeFunction', Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Function, EventSourceArn: !GetAtt Queue.Arn, BatchSize: !If [First, 5, 7]}
  Invoke:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: {FunctionName: !Ref Function, Qualifier: $LATEST, MaximumRetryAttempts: !If [First, 1, 0]}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
  Alias:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Function, FunctionVersion: !GetAtt Version.Version, Name: live, Description: !Ref Step}
  LogGroup: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !If [First, 7, 14]}}
  LogStream: {Type: AWS::Logs::LogStream, Properties: {LogGroupName: !Ref LogGroup}}
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
Outputs:
  Function: {Value: !Ref Function}
  Alias: {Value: !Ref Alias}
  Queue: {Value: !Ref Queue}
  Topic: {Value: !Ref Topic}
  Table: {Value: !Ref Table}
  Bucket: {Value: !Ref Bucket}
  Role: {Value: !Ref Role}
  Managed: {Value: !Ref Managed}
  Mapping: {Value: !Ref Mapping}
  LogGroup: {Value: !Ref LogGroup}
"""


@pytest.fixture(scope="module")
def cloudformation(aws):
    return aws("cloudformation")


def outputs(cloudformation, stack):
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def reasons(cloudformation, stack):
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return [event.get("ResourceStatusReason") for event in events if event["ResourceStatus"].endswith("FAILED")]


@pytest.fixture(scope="module")
def stack(cloudformation):
    name = f"types-{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(StackName=name, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"], Tags=[{"Key": "team", "Value": "a"}])
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    except botocore.exceptions.WaiterError:
        pytest.fail(f"{reasons(cloudformation, name)}")
    return name


def state(aws, made):
    """What the services say about the resources."""
    function = aws("lambda").get_function_configuration(FunctionName=made["Function"])
    queue = aws("sqs").get_queue_attributes(QueueUrl=made["Queue"], AttributeNames=["All"])["Attributes"]
    (group,) = aws("logs").describe_log_groups(logGroupNamePrefix=made["LogGroup"])["logGroups"]
    policy = aws("iam").get_policy(PolicyArn=made["Managed"])["Policy"]
    version = aws("iam").get_policy_version(PolicyArn=made["Managed"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        "environment": function["Environment"]["Variables"], "timeout": function["Timeout"],
        "visibility": queue["VisibilityTimeout"], "queue tags": aws("sqs").list_queue_tags(QueueUrl=made["Queue"])["Tags"],
        "display": aws("sns").get_topic_attributes(TopicArn=made["Topic"])["Attributes"]["DisplayName"],
        "batch": aws("lambda").get_event_source_mapping(UUID=made["Mapping"])["BatchSize"],
        "alias": aws("lambda").get_alias(FunctionName=made["Function"], Name="live")["Description"],
        "retention": group["retentionInDays"], "managed": version["Document"]["Statement"][0]["Action"],
        "role policies": sorted(aws("iam").list_role_policies(RoleName=made["Role"])["PolicyNames"]),
        "table": aws("dynamodb").describe_table(TableName=made["Table"])["Table"]["TableStatus"],
    }


def test_every_type_is_made_changed_and_deleted(aws, cloudformation, stack):
    made = outputs(cloudformation, stack)
    assert state(aws, made) == {
        "environment": {"STEP": "first", "NUMBER": "5"}, "timeout": 10, "visibility": "45",
        "queue tags": {"step": "first", "team": "a"}, "display": "first", "batch": 5, "alias": "first", "retention": 7,
        "managed": "sns:first", "role policies": ["attached", "own"], "table": "ACTIVE",
    }
    answer = aws("lambda").invoke(FunctionName=made["Alias"], Payload=json.dumps({"a": 1}))
    assert json.loads(answer["Payload"].read()) == {"step": "first", "event": {"a": 1}}

    cloudformation.update_stack(
        StackName=stack, UsePreviousTemplate=True, Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": "Step", "ParameterValue": "second"}])
    try:
        cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    except botocore.exceptions.WaiterError:
        pytest.fail(f"{reasons(cloudformation, stack)}")
    assert outputs(cloudformation, stack) == made
    changed = state(aws, made)
    assert (changed["environment"]["STEP"], changed["visibility"], changed["batch"]) == ("second", "60", 7)
    assert (changed["display"], changed["alias"], changed["retention"], changed["managed"]) == ("second", "second", 14, "sns:second")
    assert changed["queue tags"] == {"step": "second", "team": "a"}

    cloudformation.delete_stack(StackName=stack)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    except botocore.exceptions.WaiterError:
        pytest.fail(f"{reasons(cloudformation, stack)}")
    for call in [
        lambda: aws("lambda").get_function(FunctionName=made["Function"]),
        lambda: aws("sqs").get_queue_attributes(QueueUrl=made["Queue"], AttributeNames=["All"]),
        lambda: aws("sns").get_topic_attributes(TopicArn=made["Topic"]),
        lambda: aws("dynamodb").describe_table(TableName=made["Table"]),
        lambda: aws("s3").head_bucket(Bucket=made["Bucket"]),
        lambda: aws("iam").get_role(RoleName=made["Role"]),
        lambda: aws("iam").get_policy(PolicyArn=made["Managed"]),
    ]:
        with pytest.raises(botocore.exceptions.ClientError):
            call()


SERVERLESS = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.11, Timeout: 9}}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: "def handler(event, context): return 'hello'"
      Policies: [{Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}]
      Events: {Source: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: 3}}}
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::Serverless::SimpleTable}
Outputs:
  Hello: {Value: !Ref Hello}
"""


def test_serverless_templates_are_transformed(aws, cloudformation):
    name = f"sam-{uuid.uuid4().hex[:8]}"
    with pytest.raises(botocore.exceptions.ClientError, match="CAPABILITY_AUTO_EXPAND"):
        cloudformation.create_stack(StackName=name, TemplateBody=SERVERLESS, Capabilities=["CAPABILITY_IAM"])
    cloudformation.create_stack(
        StackName=name, TemplateBody=SERVERLESS, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    made = outputs(cloudformation, name)
    assert aws("lambda").get_function_configuration(FunctionName=made["Hello"])["Timeout"] == 9
    types = {entry["ResourceType"] for entry in cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]}
    assert types == {
        "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Lambda::EventSourceMapping", "AWS::SQS::Queue", "AWS::DynamoDB::Table",
    }
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def test_stacks_may_hold_stacks(aws, cloudformation, endpoint):
    name = f"nest-{uuid.uuid4().hex[:8]}"
    child = {
        "Parameters": {"Delay": {"Type": "Number"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": {"Ref": "Delay"}}}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}}},
    }
    aws("s3").create_bucket(Bucket=name)
    aws("s3").put_object(Bucket=name, Key="child.json", Body=json.dumps(child))
    parent = {
        "Resources": {
            "Child": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": f"{endpoint}/{name}/child.json", "Parameters": {"Delay": 4}},
            },
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Child", "Outputs.Arn"]}}},
    }
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(parent))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert outputs(cloudformation, name)["Arn"].startswith(f"arn:aws:sqs:us-east-1:000000000000:{name}-Child-")
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


LOGS_AND_SETTINGS = """
Resources:
  Group: {Type: AWS::Logs::LogGroup}
  Metric:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: !Ref Group
      FilterPattern: ERROR
      MetricTransformations: [{MetricName: errors, MetricNamespace: me, MetricValue: '1'}]
  Policy:
    Type: AWS::Logs::ResourcePolicy
    Properties: {PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: []}}
  Query:
    Type: AWS::Logs::QueryDefinition
    Properties: {Name: all, QueryString: fields @message, LogGroupNames: [!Ref Group]}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}}]}
      CorsConfiguration: {CorsRules: [{AllowedMethods: [GET], AllowedOrigins: ['*'], MaxAge: 5}]}
      LifecycleConfiguration: {Rules: [{Id: old, Status: Enabled, Prefix: tmp/, ExpirationInDays: 3}]}
Outputs:
  Group: {Value: !Ref Group}
  Metric: {Value: !Ref Metric}
  Bucket: {Value: !Ref Bucket}
"""


def test_parts_of_logs_and_settings_of_buckets(aws):
    cloudformation, logs, s3 = aws("cloudformation"), aws("logs"), aws("s3")
    stack = f"parts-{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(StackName=stack, TemplateBody=LOGS_AND_SETTINGS)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    made = {output["OutputKey"]: output["OutputValue"] for output in outputs}
    (metric,) = logs.describe_metric_filters(logGroupName=made["Group"])["metricFilters"]
    assert (metric["filterName"], metric["metricTransformations"][0]["metricName"]) == (made["Metric"], "errors")
    assert [policy["policyName"] for policy in logs.describe_resource_policies()["resourcePolicies"]] == ["p"]
    assert [query["name"] for query in logs.describe_query_definitions()["queryDefinitions"]] == ["all"]
    bucket = made["Bucket"]
    assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "ObjectWriter"}]
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"")["ServerSideEncryption"] == "aws:kms"
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["MaxAgeSeconds"] == 5
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (rule["ID"], rule["Expiration"]["Days"], rule["Filter"]["Prefix"]) == ("old", 3, "tmp/")
    s3.delete_object(Bucket=bucket, Key="k")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    assert logs.describe_query_definitions()["queryDefinitions"] == []

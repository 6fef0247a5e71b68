"""Custom resources behind functions, and the layers and URLs of functions, in templates."""

import io
import json
import urllib.request
import uuid
import zipfile

import pytest

CUSTOM = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: %s
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
%s
  Thing:
    Type: Custom::Thing
    Properties: {ServiceToken: !GetAtt Function.Arn, Number: 3}
Outputs:
  Id: {Value: !Ref Thing}
  Doubled: {Value: !GetAtt Thing.Doubled}
"""

PYTHON = """
import cfnresponse
def handler(event, context):
    number = int(event["ResourceProperties"]["Number"])
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Doubled": 2 * number}, "thing")
"""

NODE = """
const response = require("cfn-response");
exports.handler = async (event, context) => {
  const number = Number(event.ResourceProperties.Number);
  await response.send(event, context, response.SUCCESS, { Doubled: 2 * number }, "thing");
};
"""


def indented(text):
    return "\n".join("          " + line for line in text.strip().splitlines())


@pytest.mark.parametrize("runtime,code", [("python3.11", PYTHON), ("nodejs20.x", NODE)])
def test_inline_functions_answer_for_custom_resources(aws, runtime, code):
    client, name = aws("cloudformation"), f"custom-{uuid.uuid4().hex[:8]}"
    client.create_stack(
        StackName=name, TemplateBody=CUSTOM % (runtime, indented(code)), Capabilities=["CAPABILITY_IAM"])
    client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    outputs = client.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert {output["OutputKey"]: output["OutputValue"] for output in outputs} == {"Id": "thing", "Doubled": "6"}
    client.delete_stack(StackName=name)
    client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


SERVERLESS = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Bucket: {Type: String}}
Resources:
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: {Bucket: !Ref Bucket, Key: layer.zip}, CompatibleRuntimes: [python3.11]}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      Layers: [!Ref Shared]
      FunctionUrlConfig: {AuthType: NONE}
      InlineCode: |
        import shared
        def handler(event, context): return {"text": shared.TEXT}
Outputs:
  Url: {Value: !GetAtt FunctionUrl.FunctionUrl}
"""


def test_serverless_layers_and_urls(aws):
    client, name = aws("cloudformation"), f"layers-{uuid.uuid4().hex[:8]}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("python/shared.py", "TEXT = 'from the layer'")
    aws("s3").create_bucket(Bucket=name)
    aws("s3").put_object(Bucket=name, Key="layer.zip", Body=buffer.getvalue())
    client.create_stack(
        StackName=name, TemplateBody=SERVERLESS, Parameters=[{"ParameterKey": "Bucket", "ParameterValue": name}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    url = client.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]
    assert json.load(urllib.request.urlopen(url)) == {"text": "from the layer"}
    client.delete_stack(StackName=name)
    client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

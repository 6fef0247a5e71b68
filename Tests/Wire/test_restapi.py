"""REST APIs as real clients see them: SAM and CloudFormation templates, boto3, functions in Python."""

import base64
import json
import urllib.error
import urllib.request
import uuid

import botocore.exceptions
import pytest

from conftest import ACCOUNT, REGION, eventually

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context):
            if event["path"] == "/broken":
                return {"no": "answer"}
            return {"statusCode": 201, "headers": {"X-One": "1"}, "body": json.dumps(event)}
      Events:
        Get: {Type: Api, Properties: {Path: '/pets/{id}', Method: get}}
        Rest: {Type: Api, Properties: {Path: '/{proxy+}', Method: ANY}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Done, States: {Done: {Type: Pass, End: true}}}
      Events:
        Start: {Type: Api, Properties: {Path: /start, Method: post}}
        Quoted: {Type: Api, Properties: {Path: /quoted, Method: post, UnescapeMappingTemplate: true}}
Outputs:
  Api: {Value: !Ref ServerlessRestApi}
  Stage: {Value: !Ref ServerlessRestApiProdStage}
  Machine: {Value: !Ref Machine}
  Url: {Value: !Sub 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod/'}
"""

SECURED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      Cors: {AllowOrigin: "'https://a.example'", AllowHeaders: "'X-A'"}
      Models: {User: {type: object, required: [name], properties: {name: {type: string, minLength: 2}}}}
      GatewayResponses:
        UNAUTHORIZED: {StatusCode: 418, ResponseParameters: {Headers: {X-Why: "'no token'"}}}
      Auth:
        DefaultAuthorizer: Token
        AddDefaultAuthorizerToCorsPreflight: false
        UsagePlan: {CreateUsagePlan: PER_API, Quota: {Limit: 5, Period: DAY}}
        Authorizers:
          Token: {FunctionArn: !GetAtt Authorizer.Arn}
          Asked: {FunctionPayloadType: REQUEST, FunctionArn: !GetAtt Authorizer.Arn, Identity: {QueryStrings: [q], ReauthorizeEvery: 0}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context):
            return {"statusCode": 200, "body": json.dumps(event["requestContext"].get("authorizer"))}
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
        Asked: {Type: Api, Properties: {Path: /asked, Method: get, RestApiId: !Ref Api, Auth: {Authorizer: Asked}}}
        Keyed: {Type: Api, Properties: {Path: /keyed, Method: get, RestApiId: !Ref Api, Auth: {Authorizer: NONE, ApiKeyRequired: true}}}
        Checked:
          Type: Api
          Properties:
            Path: /checked
            Method: post
            RestApiId: !Ref Api
            Auth: {Authorizer: NONE}
            RequestModel: {Model: User, Required: true, ValidateBody: true, ValidateParameters: true}
            RequestParameters: [{method.request.querystring.page: {Required: true}}]
  Authorizer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            word = event.get("authorizationToken") or event["queryStringParameters"]["q"]
            if word == "who":
                raise Exception("Unauthorized")
            return {"principalId": "me", "context": {"word": word, "n": 1}, "policyDocument": {"Version": "2012-10-17", "Statement": [
                {"Action": "execute-api:Invoke", "Effect": "Allow" if word == "yes" else "Deny", "Resource": event["methodArn"]}]}}
Outputs:
  Api: {Value: !Ref Api}
  Stage: {Value: !Ref Api.Stage}
  Key: {Value: !Ref ApiApiKey}
"""

PLAIN = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: !Ref AWS::StackName}}
  Items: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items}}
  Send:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Queue.QueueName}'
        RequestParameters: {integration.request.header.Content-Type: "'application/x-www-form-urlencoded'"}
        RequestTemplates: {application/json: "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}
        IntegrationResponses:
          - {StatusCode: 202, ResponseTemplates: {application/json: "{\\"id\\": $input.json('$.SendMessageResponse.SendMessageResult.MessageId')}"}}
          - {StatusCode: 400, SelectionPattern: '4\\d{2}'}
      MethodResponses: [{StatusCode: 202}, {StatusCode: 400}]
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Send, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: v1, DeploymentId: !Ref Deployment, Variables: {A: b}, MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 5}]}
  Account: {Type: AWS::ApiGateway::Account, Properties: {CloudWatchRoleArn: 'arn:aws:iam::000000000000:role/logs'}}
  Queue: {Type: AWS::SQS::Queue}
Outputs: {Api: {Value: !Ref Api}, Queue: {Value: !Ref Queue}}
"""


def send(baton, api, path, method="GET", body=None, headers=None):
    """(status, headers, text) of a request at the API's host name."""
    request = urllib.request.Request(f"{baton.endpoint}{path}", data=body, method=method, headers=headers or {})
    request.add_header("Host", f"{api}.execute-api.{REGION}.localhost:{baton.port}")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.fixture
def stack(aws):
    """template → outputs; removed after the test."""
    made = []

    def make(template, name=None):
        name = name or f"s{uuid.uuid4().hex[:8]}"
        verb = "update" if name in made else "create"
        cloudformation = aws("cloudformation")
        getattr(cloudformation, f"{verb}_stack")(
            StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
        if name not in made:
            made.append(name)
        cloudformation.get_waiter(f"stack_{verb}_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return name, {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}

    yield make
    for name in made:
        aws("cloudformation").delete_stack(StackName=name)
        aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def test_a_sam_function_answers_an_implicit_api(aws, baton, stack):
    name, outputs = stack(SAM)
    api = outputs["Api"]
    assert outputs["Stage"] == "Prod"
    status, headers, text = send(
        baton, api, "/Prod/pets/7%20a?q=1&q=2", headers={"X-A": "b", "Content-Type": "application/json"})
    event = json.loads(text)
    assert (status, headers["X-One"]) == (201, "1")
    assert headers["x-amzn-RequestId"]
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/pets/{id}", "/pets/7 a", "GET")
    assert event["pathParameters"] == {"id": "7 a"}
    assert event["queryStringParameters"] == {"q": "2"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["headers"]["X-A"] == "b" and event["multiValueHeaders"]["X-A"] == ["b"]
    assert (event["body"], event["isBase64Encoded"], event["stageVariables"]) == (None, False, None)
    context = event["requestContext"]
    assert (context["stage"], context["apiId"], context["resourcePath"]) == ("Prod", api, "/pets/{id}")
    assert context["path"] == "/Prod/pets/7 a"
    assert context["identity"]["sourceIp"] == "127.0.0.1"

    for url in [f"/_aws/execute-api/{api}/Prod/x/y", f"/restapis/{api}/Prod/_user_request_/x/y"]:
        with urllib.request.urlopen(urllib.request.Request(f"{baton.endpoint}{url}", data=b"hi")) as answer:
            event = json.load(answer)
        assert (event["pathParameters"], event["body"]) == ({"proxy": "x/y"}, "hi")

    assert send(baton, api, "/Prod/broken")[::2] == (502, '{"message": "Internal server error"}')
    assert send(baton, api, "/Prod/")[::2] == (403, '{"message":"Missing Authentication Token"}')
    assert send(baton, api, "/absent/x")[::2] == (403, '{"message":"Forbidden"}')


def test_a_sam_state_machine_is_started_by_an_api(aws, baton, stack):
    name, outputs = stack(SAM)
    status, _, text = send(
        baton, outputs["Api"], "/Prod/start", "POST", b'{"a": ["b", 1]}', {"Content-Type": "application/json"})
    assert status == 200
    arn = json.loads(text)["executionArn"]
    described = aws("stepfunctions").describe_execution(executionArn=arn)
    assert json.loads(described["input"]) == {"a": ["b", 1]}
    # An apostrophe is escaped in a way that JSON does not know, unless the event says else.
    assert send(baton, outputs["Api"], "/Prod/start", "POST", b'{"a": "it\'s"}')[0] == 400
    status, _, text = send(
        baton, outputs["Api"], "/Prod/quoted", "POST", b'{"a": "it\'s"}', {"Content-Type": "application/json"})
    described = aws("stepfunctions").describe_execution(executionArn=json.loads(text)["executionArn"])
    assert json.loads(described["input"]) == {"a": "it's"}

    definition = {"StartAt": "Call", "States": {"Call": {
        "Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "End": True, "Parameters": {
            "ApiEndpoint": f"{outputs['Api']}.execute-api.{REGION}.amazonaws.com", "Method": "POST", "Stage": "Prod",
            "Path": "/x", "RequestBody": {"k": 1}}}}}
    machine = aws("stepfunctions").create_state_machine(
        name=name, roleArn=ROLE, definition=json.dumps(definition))["stateMachineArn"]
    execution = aws("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"]

    def output():
        return aws("stepfunctions").describe_execution(executionArn=execution).get("output")

    answer = json.loads(eventually(output, what="the answer"))
    assert answer["StatusCode"] == 201
    assert json.loads(answer["ResponseBody"]["body"]) == {"k": 1}


def test_authorizers_keys_models_and_preflights_of_sam(aws, baton, stack):
    name, outputs = stack(SECURED)
    api = outputs["Api"]
    assert outputs["Stage"] == "dev"
    status, _, text = send(baton, api, "/dev/", headers={"Authorization": "yes"})
    assert (status, json.loads(text)) == (200, {"principalId": "me", "word": "yes", "n": "1", "integrationLatency": 0})
    assert send(baton, api, "/dev/", headers={"Authorization": "no"})[::2] == (
        403, '{"Message":"User is not authorized to access this resource with an explicit deny"}')
    status, headers, _ = send(baton, api, "/dev/")
    assert (status, headers["X-Why"]) == (418, "no token")
    assert send(baton, api, "/dev/", headers={"Authorization": "who"})[0] == 418
    assert send(baton, api, "/dev/asked?q=yes")[0] == 200
    assert send(baton, api, "/dev/asked")[0] == 418

    assert send(baton, api, "/dev/keyed")[::2] == (403, '{"message":"Forbidden"}')
    key = aws("apigateway").get_api_key(apiKey=outputs["Key"], includeValue=True)["value"]
    assert send(baton, api, "/dev/keyed", headers={"x-api-key": key})[0] == 200
    assert send(baton, api, "/dev/keyed", headers={"x-api-key": key[::-1]})[0] == 403

    json_type = {"Content-Type": "application/json"}
    assert send(baton, api, "/dev/checked?page=1", "POST", b'{"name": "me"}', json_type)[0] == 200
    assert send(baton, api, "/dev/checked?page=1", "POST", b'{"name": "m"}', json_type)[::2] == (
        400, '{"message": "Invalid request body"}')
    assert send(baton, api, "/dev/checked", "POST", b'{"name": "me"}', json_type)[::2] == (
        400, '{"message": "Missing required request parameters: [page]"}')

    status, headers, _ = send(baton, api, "/dev/checked", "OPTIONS", headers={"Origin": "https://a.example"})
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert headers["Access-Control-Allow-Methods"] == "OPTIONS,POST"


def test_a_plain_template_sends_requests_to_a_queue(aws, baton, stack):
    name, outputs = stack(PLAIN)
    status, _, text = send(baton, outputs["Api"], "/v1/items", "POST", b'{"a&b": 1}', {"Content-Type": "application/json"})
    assert status == 202
    message = aws("sqs").receive_message(QueueUrl=outputs["Queue"], WaitTimeSeconds=5)["Messages"][0]
    assert (message["Body"], message["MessageId"]) == ('{"a&b": 1}', json.loads(text)["id"])
    stage = aws("apigateway").get_stage(restApiId=outputs["Api"], stageName="v1")
    assert stage["variables"] == {"A": "b"}
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 5
    changed = PLAIN.replace("ThrottlingRateLimit: 5", "ThrottlingRateLimit: 6").replace("{A: b}", "{C: d}")
    stack(changed, name)
    stage = aws("apigateway").get_stage(restApiId=outputs["Api"], stageName="v1")
    assert (stage["variables"], stage["methodSettings"]["*/*"]["throttlingRateLimit"]) == ({"C": "d"}, 6)


def test_an_api_made_step_by_step(aws, baton):
    gateway = aws("apigateway")
    made = gateway.create_rest_api(name="steps", description="d", binaryMediaTypes=["image/png"], tags={"a": "b"})
    api, root = made["id"], made["rootResourceId"]
    assert made["createdDate"] and made["apiKeySource"] == "HEADER"
    assert gateway.get_rest_api(restApiId=api)["endpointConfiguration"]["types"] == ["EDGE"]
    pets = gateway.create_resource(restApiId=api, parentId=root, pathPart="pets")
    assert pets["path"] == "/pets"
    place = {"restApiId": api, "resourceId": pets["id"], "httpMethod": "GET"}
    gateway.put_method(
        **place, authorizationType="NONE", requestParameters={"method.request.querystring.name": False})
    gateway.put_method_response(
        **place, statusCode="200", responseParameters={"method.response.header.X-Status": False},
        responseModels={"application/json": "Empty"})
    gateway.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_integration_response(
        **place, statusCode="200", responseParameters={"method.response.header.X-Status": "context.httpMethod"},
        responseTemplates={"application/json": '{"name": "$input.params(\'name\')", "stage": "$stageVariables.who"}'})
    method = gateway.get_method(**place)
    assert method["methodIntegration"]["integrationResponses"]["200"]["statusCode"] == "200"
    tested = gateway.test_invoke_method(**place, pathWithQueryString="/pets?name=x")
    assert (tested["status"], json.loads(tested["body"])["name"]) == (200, "x")
    deployment = gateway.create_deployment(restApiId=api, stageName="one", variables={"who": "me"})["id"]
    status, headers, text = send(baton, api, "/one/pets?name=cat")
    assert (status, headers["X-Status"], json.loads(text)) == (200, "GET", {"name": "cat", "stage": "me"})

    # What is not deployed does not show.
    gateway.update_integration_response(**place, statusCode="200", patchOperations=[
        {"op": "replace", "path": "/responseTemplates/application~1json", "value": "[2]"}])
    assert send(baton, api, "/one/pets")[2] != "[2]"
    second = gateway.create_deployment(restApiId=api)["id"]
    gateway.update_stage(restApiId=api, stageName="one", patchOperations=[
        {"op": "replace", "path": "/deploymentId", "value": second},
        {"op": "replace", "path": "/variables/who", "value": "you"},
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}])
    assert send(baton, api, "/one/pets")[2] == "[2]"
    assert gateway.get_stage(restApiId=api, stageName="one")["methodSettings"]["*/*"]["loggingLevel"] == "INFO"
    gateway.delete_deployment(restApiId=api, deploymentId=deployment)
    with pytest.raises(gateway.exceptions.BadRequestException, match="Active stages"):
        gateway.delete_deployment(restApiId=api, deploymentId=second)

    changed = gateway.update_rest_api(restApiId=api, patchOperations=[
        {"op": "replace", "path": "/name", "value": "new"},
        {"op": "add", "path": "/binaryMediaTypes/application~1zip"},
        {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
        {"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "REGIONAL"}])
    assert (changed["name"], changed["binaryMediaTypes"]) == ("new", ["application/zip"])
    assert changed["endpointConfiguration"]["types"] == ["REGIONAL"]
    pages = gateway.get_paginator("get_resources").paginate(restApiId=api, PaginationConfig={"PageSize": 1})
    assert sorted(item["path"] for page in pages for item in page["items"]) == ["/", "/pets"]
    embedded = gateway.get_resources(restApiId=api, embed=["methods"])["items"]
    assert [item["resourceMethods"]["GET"]["httpMethod"] for item in embedded if item["path"] == "/pets"] == ["GET"]

    export = gateway.get_export(restApiId=api, stageName="one", exportType="oas30", parameters={"extensions": "apigateway"})
    definition = json.loads(export["body"].read())
    assert definition["paths"]["/pets"]["get"]["x-amazon-apigateway-integration"]["type"] == "mock"
    imported = gateway.import_rest_api(body=json.dumps(definition).encode())
    gateway.create_deployment(restApiId=imported["id"], stageName="one")
    assert send(baton, imported["id"], "/one/pets")[2] == "[2]"

    arn = f"arn:aws:apigateway:{REGION}::/restapis/{api}"
    gateway.tag_resource(resourceArn=arn, tags={"c": "d"})
    gateway.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert gateway.get_tags(resourceArn=arn)["tags"] == {"c": "d"}
    for each in (api, imported["id"]):
        gateway.delete_rest_api(restApiId=each)
    with pytest.raises(gateway.exceptions.NotFoundException, match=f"Invalid API identifier specified {ACCOUNT}:{api}"):
        gateway.get_rest_api(restApiId=api)


def test_errors_of_a_client(aws):
    gateway = aws("apigateway")
    api = gateway.create_rest_api(name="errors")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"]}
    parent = {"restApiId": api["id"], "parentId": api["rootResourceId"]}
    gateway.create_resource(**parent, pathPart="a")
    gateway.put_method(**place, httpMethod="GET", authorizationType="NONE")
    cases = [
        (gateway.create_resource, {**parent, "pathPart": "a"}, "ConflictException", "already has this name: a"),
        (gateway.create_resource, {**parent, "pathPart": "a/b"}, "BadRequestException", "path part only allow"),
        (gateway.put_method, {**place, "httpMethod": "GET", "authorizationType": "NONE"}, "ConflictException", "Method already exists"),
        (gateway.put_method, {**place, "httpMethod": "PUT", "authorizationType": "COGNITO_USER_POOLS"}, "BadRequestException", "Cognito"),
        (gateway.get_integration, {**place, "httpMethod": "GET"}, "NotFoundException", "Invalid Integration identifier"),
        (gateway.put_integration, {**place, "httpMethod": "GET", "type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": "x"}, "BadRequestException", "Invalid ARN"),
        (gateway.create_deployment, {"restApiId": api["id"]}, "BadRequestException", "No integration defined for method"),
        (gateway.get_stage, {"restApiId": api["id"], "stageName": "x"}, "NotFoundException", "Invalid stage identifier specified"),
        (gateway.create_api_key, {"value": "short"}, "BadRequestException", "at least 20 characters"),
        (gateway.update_rest_api, {"restApiId": api["id"], "patchOperations": [{"op": "replace", "path": "/id", "value": "x"}]}, "BadRequestException", "Invalid patch path"),
        (gateway.get_usage_plan, {"usagePlanId": "x"}, "NotFoundException", "Invalid Usage Plan ID specified"),
    ]
    for operation, arguments, code, message in cases:
        with pytest.raises(botocore.exceptions.ClientError, match=message) as raised:
            operation(**arguments)
        assert raised.value.response["Error"]["Code"] == code
    gateway.delete_rest_api(restApiId=api["id"])


def test_services_behind_an_api_in_open_api(aws, baton):
    """A definition in YAML with a table, a topic's error and a server behind it."""
    table = f"t{uuid.uuid4().hex[:8]}"
    aws("dynamodb").create_table(
        TableName=table, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    definition = f"""
openapi: 3.0.1
info: {{title: services, version: '1'}}
paths:
  /items/{{id}}:
    put:
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses: {{'200': {{description: ok}}, '400': {{description: bad}}}}
      x-amazon-apigateway-integration: &put
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:dynamodb:action/PutItem
        requestTemplates:
          application/json: |
            #set($body = $input.path('$'))
            {{"TableName": "{table}", "Item": {{"id": {{"S": "$input.params('id')"}},
              "tags": {{"L": [#foreach($tag in $body.tags){{"S": "$tag"}}#if($foreach.hasNext),#end#end]}}}}}}
        responses:
          default: {{statusCode: '200', responseTemplates: {{application/json: '{{"ok": true}}'}}}}
          '4\\d\\d': {{statusCode: '400', responseTemplates: {{application/json: "{{\\"why\\": $input.json('$.message')}}"}}}}
  /publish:
    post:
      parameters: [{{name: topic, in: query, schema: {{type: string}}}}]
      responses: {{'200': {{description: ok}}}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:sns:action/Publish
        requestParameters: {{integration.request.querystring.TopicArn: method.request.querystring.topic, integration.request.querystring.Message: "'hello'"}}
        responses: {{default: {{statusCode: '200'}}}}
  /health:
    x-amazon-apigateway-any-method:
      responses: {{}}
      x-amazon-apigateway-integration: {{type: http_proxy, httpMethod: GET, uri: '{baton.endpoint}/_baton/health'}}
"""
    gateway = aws("apigateway")
    api = gateway.import_rest_api(body=definition.encode())["id"]
    gateway.create_deployment(restApiId=api, stageName="s")
    body = json.dumps({"tags": ["a", "b"]}).encode()
    json_type = {"Content-Type": "application/json"}
    assert send(baton, api, "/s/items/1", "PUT", body, json_type)[::2] == (200, '{"ok": true}')
    item = aws("dynamodb").get_item(TableName=table, Key={"id": {"S": "1"}})["Item"]
    assert item["tags"] == {"L": [{"S": "a"}, {"S": "b"}]}
    aws("dynamodb").delete_table(TableName=table)
    status, _, text = send(baton, api, "/s/items/1", "PUT", body, json_type)
    assert (status, "not found" in json.loads(text)["why"]) == (400, True)

    topic = aws("sns").create_topic(Name=table)["TopicArn"]
    status, _, text = send(baton, api, f"/s/publish?topic={topic}", "POST", b"")
    assert status == 200 and json.loads(text)["PublishResponse"]["PublishResult"]["MessageId"]
    assert json.loads(send(baton, api, f"/s/publish?topic={topic}x", "POST", b"")[2])["Error"]["Code"] == "NotFound"
    assert send(baton, api, "/s/health")[0] == 200
    gateway.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(
        {"swagger": "2.0", "info": {"title": "less"}, "paths": {"/": {}}}).encode())
    assert [item["path"] for item in gateway.get_resources(restApiId=api)["items"]] == ["/"]
    gateway.delete_rest_api(restApiId=api)


def test_bytes_travel_as_base64(aws, baton, stack):
    template = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: p, BinaryMediaTypes: [application~1octet-stream], OpenApiVersion: 3.0.1}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": event["body"], "isBase64Encoded": event["isBase64Encoded"],
                    "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "Content-Type": ["application/octet-stream"]}}
      Events: {Post: {Type: Api, Properties: {Path: /, Method: post, RestApiId: !Ref Api}}}
Outputs: {Api: {Value: !Ref Api}}
"""
    name, outputs = stack(template)
    kind = {"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"}
    status, headers, text = send(baton, outputs["Api"], "/p/", "POST", bytes([1, 2, 3]), kind)
    assert (status, text, headers.get_all("Set-Cookie")) == (200, "\x01\x02\x03", ["a=1", "b=2"])
    del kind["Accept"]
    assert send(baton, outputs["Api"], "/p/", "POST", bytes([1, 2, 3]), {**kind, "Accept": "text/plain"})[2] == (
        base64.b64encode(bytes([1, 2, 3])).decode())
    stages = aws("apigateway").get_stages(restApiId=outputs["Api"])["item"]
    assert [stage["stageName"] for stage in stages] == ["p"]


def test_an_api_survives_a_kill(tmp_path):
    from conftest import Server

    server = Server(tmp_path)
    try:
        gateway = server.client("apigateway")
        api = gateway.import_rest_api(body=json.dumps({
            "swagger": "2.0", "info": {"title": "a"}, "paths": {"/": {"get": {
                "responses": {"200": {}}, "x-amazon-apigateway-integration": {
                    "type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'},
                    "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": "[1]"}}}}}}}}).encode())["id"]
        gateway.create_deployment(restApiId=api, stageName="s")
        server.kill()
        server.start()
        assert send(server, api, "/s")[::2] == (200, "[1]")
    finally:
        server.stop()

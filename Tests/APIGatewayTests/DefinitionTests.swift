import AWSWire
import JSON
import Testing

@testable import APIGateway

@Suite("OpenAPI definitions") struct DefinitionTests {
    private static func read(_ text: String) throws -> Definition {
        try Definition(try OpenAPIText.tree(Array(text.utf8)), basePath: "ignore")
    }

    static let swagger = """
        swagger: 2.0
        info: {title: pets, version: 1.0}
        basePath: /v1
        x-amazon-apigateway-binary-media-types: [image/png]
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
        x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {statusCode: 400}}
        securityDefinitions:
          api_key: {type: apiKey, name: x-api-key, in: header}
          token:
            {type: apiKey, name: Auth, in: header, x-amazon-apigateway-authtype: custom,
             x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn/invocations'}}
        definitions: {Pet: {type: object}}
        paths:
          /pets/{id}:
            parameters: [{name: id, in: path, required: true, type: string}]
            post:
              operationId: addPet
              security: [{token: []}, {api_key: []}]
              x-amazon-apigateway-request-validator: all
              parameters: [{name: q, in: query, required: true}, {name: pet, in: body, schema: {$ref: '#/definitions/Pet'}}]
              responses: {200: {description: ok, headers: {X-A: {type: string}}, schema: {type: array}}}
              x-amazon-apigateway-integration:
                type: mock
                passthroughBehavior: when_no_templates
                responses:
                  default: {statusCode: 200, responseParameters: {method.response.header.X-A: "'b'"}}
            x-amazon-apigateway-any-method: {x-amazon-apigateway-integration: {type: mock}}
        """

    @Test("of version 2 name methods, models, authorizers and validators")
    func second() throws {
        let definition = try Self.read(Self.swagger)
        #expect(definition.settings["name"] == "pets")
        #expect(definition.settings["version"] == "1.0")
        #expect(definition.settings["binaryMediaTypes"] == ["image/png"])
        #expect(definition.authorizers["token"]?["identitySource"] == "method.request.header.Auth")
        #expect(definition.validators["all"]?["validateRequestBody"] == true)
        #expect(definition.responses["DEFAULT_4XX"]?["statusCode"] == "400")
        let (path, methods) = try #require(definition.paths.first)
        #expect(path == "/pets/{id}")
        #expect(methods.map(\.name) == ["POST", "ANY"])
        let post = methods[0].tree
        #expect(post["authorizationType"] == "CUSTOM")
        #expect(post["apiKeyRequired"] == true)
        #expect(post["operationName"] == "addPet")
        #expect(post["requestParameters"] == ["method.request.path.id": true, "method.request.querystring.q": true])
        #expect(post["requestModels"] == ["application/json": "Pet"])
        #expect(post["methodResponses"]?["200"]?["responseParameters"] == ["method.response.header.X-A": false])
        #expect(post["methodResponses"]?["200"]?["responseModels"] == ["application/json": "MODELPOSTpetsid1"])
        #expect(post["methodIntegration"]?["passthroughBehavior"] == "WHEN_NO_TEMPLATES")
        #expect(post["methodIntegration"]?["integrationResponses"]?["200"]?["selectionPattern"] == nil)
    }

    @Test("of version 3 have bodies and components")
    func third() throws {
        let definition = try Self.read(
            """
            {"openapi": "3.0.1", "info": {"title": "t"}, "components": {"schemas": {"A": {"type": "object"}},
             "securitySchemes": {"sig": {"type": "apiKey", "name": "Authorization", "in": "header",
                                         "x-amazon-apigateway-authtype": "awsSigv4"}}},
             "paths": {"/": {"put": {"security": [{"sig": []}],
               "requestBody": {"content": {"text/x": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}}
            """)
        let put = try #require(definition.paths.first?.methods.first?.tree)
        #expect(put["requestModels"] == ["text/x": "A"])
        #expect(put["authorizationType"] == "AWS_IAM")
    }

    @Test(
        "are refused when they are none, or when API Gateway would refuse their parts",
        arguments: [
            ("{", "Invalid OpenAPI input"), ("a: [", "Invalid OpenAPI input"), ("{}", "Invalid OpenAPI input"),
            (#"{"swagger": "2.0", "paths": {"x": {}}}"#, "Paths begin with a slash"),
            (
                #"{"swagger":"2.0","paths":{"/":{"get":{"x-amazon-apigateway-integration":{"type":"aws","httpMethod":"POST","uri":"x"}}}}}"#,
                "Unable to put integration on 'GET' for resource at path '/': Invalid ARN"
            ),
            (
                #"{"swagger":"2.0","paths":{"/":{"get":{"x-amazon-apigateway-integration":{"type":"mock","responses":{"default":{"statusCode":"200","responseParameters":{"method.response.header.X":"'a'"}}}}}}}}"#,
                "Invalid mapping expression parameter specified: method.response.header.X"
            ),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: AWSError.self) { try Self.read(text) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    /// A YAML text whose aliases name each other grows to a billion nodes when they are followed without a bound.
    @Test("do not grow without bounds")
    func laughs() {
        var text = "a0: &a0 [x]\n"
        for level in 1...9 {
            let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            text += "a\(level): &a\(level) [\(names)]\n"
        }
        #expect(throws: AWSError.self) { try Self.read(text) }
    }
}

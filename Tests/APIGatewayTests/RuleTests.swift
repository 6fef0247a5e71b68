import AWSWire
import JSON
import Testing

@testable import APIGateway

@Suite("Paths of REST APIs") struct PathTests {
    /// A path and method, the resource that answers, and its path parameters.
    static let cases: [(String, String, String?, [String: String])] = [
        ("/", "GET", nil, [:]), ("/pets", "GET", "/pets", [:]), ("/pets/", "GET", "/pets", [:]),
        ("/pets", "POST", nil, [:]), ("/pets/7", "DELETE", "/pets/{id}", ["id": "7"]),
        ("/pets/new", "GET", "/pets/new", [:]), ("/pets/7/toys", "GET", "/pets/{id}/toys", ["id": "7"]),
        ("/pets/new/toys", "GET", "/pets/{id}/toys", ["id": "new"]),
        ("/pets/7/other", "GET", "/{proxy+}", ["proxy": "pets/7/other"]),
        ("/a%2Fb/c", "GET", "/{proxy+}", ["proxy": "a/b/c"]), ("/empty", "GET", "/{proxy+}", ["proxy": "empty"]),
    ]

    @Test("choose texts before variables before the rest", arguments: cases)
    func path(path: String, method: String, resource: String?, parameters: [String: String]) {
        func tree(_ path: String, _ methods: [String]) -> JSON {
            let methods = methods.map { ($0, ["httpMethod": .string($0)] as JSON) }
            return ["path": .string(path), "resourceMethods": .object(JSON.Object(methods))]
        }
        let deployed = DeployedApi(
            [
                "resource": [
                    tree("/pets", ["GET"]), tree("/pets/{id}", ["ANY"]), tree("/pets/new", ["GET"]),
                    tree("/pets/{id}/toys", ["GET"]), tree("/{proxy+}", ["ANY"]), tree("/empty", []),
                ]
            ], id: "d")
        let segments = DeployedApi.segments(path).map { PercentEncoding.decode($0) ?? $0 }
        let found = deployed.find(segments, method)
        #expect(found?.resource["path"]?.string == resource)
        #expect(Dictionary((found?.parameters ?? []).map { ($0.name, $0.value) }) { $1 } == parameters)
    }

    @Test(
        "have parts of a form",
        arguments: [
            ("pets", true), ("{id}", true), ("{proxy+}", true), ("a.b-c_d:e", true), ("", false), ("a/b", false),
            ("{}", false), ("a{b}", false), ("a+", false), ("é", false),
        ])
    func part(text: String, isValid: Bool) { #expect(ResourceRules.isValid(text) == isValid) }

    static let targets: [(String, String?)] = [
        (
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:0:function:f/invocations",
            "arn:aws:lambda:us-east-1:0:function:f"
        ),
        ("arn:aws:apigateway:us-east-1:states:action/StartExecution", nil),
        ("arn:aws:lambda:us-east-1:0:function:f", nil),
    ]

    @Test("of integrations name functions", arguments: targets)
    func target(uri: String, function: String?) { #expect(ServiceTarget(uri)?.function == function) }
}

@Suite("Policies of authorizers") struct PolicyTests {
    private static let arn = "arn:aws:execute-api:us-east-1:000000000000:api/dev/GET/pets/7"

    /// A resource or several, the effect, and whether the request passes.
    static let cases: [(JSON, String, Bool)] = [
        (.string(arn), "Allow", true), ("*", "Allow", true), ("arn:aws:execute-api:*:*:api/dev/GET/*", "Allow", true),
        ("arn:aws:execute-api:us-east-1:000000000000:api/*/GET/pets/?", "Allow", true), ("*/POST/*", "Allow", false),
        (["x", "*7"], "Allow", true), ("*", "Deny", false), ("", "Allow", false),
    ]

    @Test("allow what they name", arguments: cases)
    func policy(resource: JSON, effect: String, passes: Bool) {
        let statement: JSON = ["Action": "execute-api:Invoke", "Effect": .string(effect), "Resource": resource]
        let result = Result { () throws(Refusal) in try Authorization.enforce(["Statement": [statement]], Self.arn) }
        let hasPassed = (try? result.get()) != nil
        #expect(hasPassed == passes)
    }

    @Test("deny before they allow")
    func deny() {
        let statements: [JSON] = ["Allow", "Deny"].map {
            ["Action": ["execute-api:*"], "Effect": .string($0), "Resource": "*"]
        }
        #expect(throws: Refusal.self) { try Authorization.enforce(["Statement": .array(statements)], Self.arn) }
    }
}

@Suite("Models") struct ModelTests {
    /// A schema, a body, and whether it fits.
    static let cases: [(JSON, JSON, Bool)] = [
        (["type": "object", "required": ["a"]], ["a": 1], true),
        (["type": "object", "required": ["a"]], ["b": 1], false),
        (["type": "string", "minLength": 2, "maxLength": 3], "abc", true),
        (["type": "string", "maxLength": 2], "abc", false),
        (["type": "string", "pattern": "^a+$"], "aaa", true), (["pattern": "b"], "abc", true),
        (["pattern": "^b"], "abc", false),
        (["type": "integer", "minimum": 1], 1, true), (["type": "integer"], 1.5, false),
        (["type": "number", "maximum": 2, "exclusiveMaximum": true], 2, false), (["multipleOf": 3], 9, true),
        (["enum": ["a", "b"]], "c", false), (["type": ["string", "null"]], .null, true),
        (["properties": ["a": ["type": "string"]], "additionalProperties": false], ["a": "x"], true),
        (["properties": ["a": ["type": "string"]], "additionalProperties": false], ["b": "x"], false),
        (["additionalProperties": ["type": "integer"]], ["b": "x"], false),
        (["patternProperties": ["^x": ["type": "integer"]]], ["xy": "1"], false),
        (["type": "array", "items": ["type": "integer"], "minItems": 2, "uniqueItems": true], [1, 2], true),
        (["items": [["type": "string"]], "additionalItems": ["type": "integer"]], ["a", "b"], false),
        (["uniqueItems": true], [1, 1], false), (["anyOf": [["type": "string"], ["type": "integer"]]], true, false),
        (["oneOf": [["type": "integer"], ["minimum": 0]]], 1, false),
        (["allOf": [["type": "integer"], ["minimum": 0]]], 1, true),
        (["not": ["type": "string"]], "a", false), (["dependencies": ["a": ["b"]]], ["a": 1], false),
        (["$ref": "#/definitions/x", "definitions": ["x": ["type": "string"]]], 1, false),
        (["$ref": "https://apigateway.amazonaws.com/restapis/api/models/Other"], "a", false), ([:], "anything", true),
        (["definitions": ["x": ["$ref": "#/definitions/x"]], "$ref": "#/definitions/x"], 1, false),
    ]

    @Test("say which bodies fit", arguments: cases)
    func fits(schema: JSON, body: JSON, fits: Bool) {
        var check = JSONSchema(root: schema, models: ["Other": ["type": "integer"]])
        #expect((check.problem(body, schema) == nil) == fits)
    }
}

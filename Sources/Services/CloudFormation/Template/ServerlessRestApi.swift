import AWSWire
import Crypto
import JSON

/// `AWS::Serverless::Api`, and functions and state machines that answer requests to it. Those that name no API share the
/// implicit one, `ServerlessRestApi` with the stage `Prod`. Source: SAM specification, Api resource and events.
enum ServerlessRestApi {
    static let implicit = "ServerlessRestApi"

    /// - Returns: the logical ids that `Api.Stage` and `Api.Deployment` stand for.
    static func attach(_ tree: JSON, to resources: inout JSON.Object) throws(AWSError) -> [String: String] {
        let globals = tree["Globals"]?["Api"]?.object ?? [:]
        var apis: [(id: String, definition: RestApiDefinition)] = []
        for (id, resource) in tree["Resources"]?.object ?? [:] where resource["Type"]?.string == "AWS::Serverless::Api"
        {
            apis.append((id, try RestApiDefinition(id, resource, globals)))
        }
        for (id, resource) in tree["Resources"]?.object ?? [:] {
            for (name, event) in resource["Properties"]?["Events"]?.object ?? [:]
            where event["Type"]?.string == "Api" {
                let given = event["Properties"] ?? [:]
                let api = given["RestApiId"]?["Ref"]?.string ?? given["RestApiId"]?.string ?? implicit
                if api == implicit, !apis.contains(where: { $0.id == implicit }) {
                    let made: JSON = ["Type": "AWS::Serverless::Api", "Properties": ["StageName": "Prod"]]
                    apis.append((implicit, try RestApiDefinition(implicit, made, globals)))
                }
                guard let place = apis.firstIndex(where: { $0.id == api }) else {
                    throw ServerlessFunction.invalid(
                        id,
                        "Event with id [\(name)] is invalid. RestApiId must be a valid reference to an "
                            + "'AWS::Serverless::Api' in same template.")
                }
                let source = RestApiEvent(
                    owner: id, name: name, given: given, condition: resource["Condition"],
                    isMachine: resource["Type"]?.string == "AWS::Serverless::StateMachine")
                for (made, resource) in try source.attach(to: &apis[place].definition) { resources[made] = resource }
            }
        }
        var names: [String: String] = [:]
        for (id, definition) in apis {
            let made = try definition.resources()
            for (name, resource) in made.resources { resources[name] = resource }
            names["\(id).Stage"] = made.stage
            names["\(id).Deployment"] = made.deployment
        }
        share(apis.map(\.definition), &resources)
        return names
    }

    /// The usage plan that several APIs share.
    private static func share(_ apis: [RestApiDefinition], _ resources: inout JSON.Object) {
        let sharing = apis.filter { $0.usagePlan?["CreateUsagePlan"]?.string == "SHARED" }
        guard let last = sharing.last else { return }
        let plan = last.plan("ServerlessUsagePlan", stages: sharing.map(\.planStage), dependsOn: sharing.map(\.id))
        resources["ServerlessUsagePlan"] = plan
        let keys = sharing.map(\.keyStage)
        for (id, resource) in RestApiDefinition.keys("Serverless", plan: "ServerlessUsagePlan", keys) {
            resources[id] = resource
        }
    }

    /// `!Ref Api.Stage` and `${Api.Stage}` mean what was made of the API.
    static func references(_ tree: JSON, _ names: [String: String]) -> JSON {
        switch tree {
        case .array(let elements): return .array(elements.map { references($0, names) })
        case .object(let object):
            if let name = object["Ref"]?.string, let made = names[name], object.count == 1 {
                return ["Ref": .string(made)]
            }
            return .object(
                JSON.Object(
                    object.map { key, value in
                        guard key == "Fn::Sub", let text = value.string ?? value[0]?.string else {
                            return (key, references(value, names))
                        }
                        let changed = names.reduce(text) { $0.replacing("${\($1.key)}", with: "${\($1.value)}") }
                        guard value.string == nil else { return (key, .string(changed)) }
                        return (key, .array([.string(changed)] + (value.array ?? []).dropFirst()))
                    }))
        default: return tree
        }
    }

    /// What changes when a text does: the deployment gets a new name.
    static func digest(_ text: String) -> String {
        Insecure.SHA1.hash(data: Array(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}

/// An `Api` event of a function or of a state machine.
struct RestApiEvent {
    let owner: String
    let name: String
    let given: JSON
    let condition: JSON?
    let isMachine: Bool

    private var id: String { owner + name }

    private func invalid(_ reason: String) -> AWSError {
        ServerlessFunction.invalid(owner, "Event with id [\(name)] is invalid. \(reason)")
    }

    private func attached(_ type: String, _ properties: JSON) -> JSON {
        var result: JSON = ["Type": .string(type), "Properties": properties]
        result["Condition"] = condition
        return result
    }

    /// Adds the method to the API's definition; answers what else is needed.
    func attach(to api: inout RestApiDefinition) throws(AWSError) -> JSON.Object {
        guard let path = given["Path"]?.string, let verb = given["Method"]?.string else {
            throw invalid("Missing required property 'Path' or 'Method'.")
        }
        let isAny = ["any", "*", "x-amazon-apigateway-any-method"].contains(verb.lowercased())
        let method = isAny ? "x-amazon-apigateway-any-method" : verb.lowercased()
        var operation: JSON = ["x-amazon-apigateway-integration": isMachine ? machine : function, "responses": [:]]
        if isMachine {
            operation["responses"] = ["200": ["description": "OK"], "400": ["description": "Bad Request"]]
        }
        if !isMachine, let limit = given["TimeoutInMillis"] {
            operation["x-amazon-apigateway-integration"]?["timeoutInMillis"] = limit
        }
        try demand(&operation, api)
        operation["security"] = try api.security(given["Auth"] ?? [:], owner: owner, event: name)
        if let condition { operation = ["Fn::If": [condition, operation, ["Ref": "AWS::NoValue"]]] }
        guard api.add(path, method, operation, condition) else {
            throw invalid("API method \"\(verb.lowercased())\" defined multiple times for path \"\(path)\".")
        }
        return isMachine ? role : permission(path, isAny ? "*" : verb.uppercased(), api)
    }

    private var function: JSON {
        [
            "httpMethod": "POST", "type": "aws_proxy",
            "uri": [
                "Fn::Sub": .string(
                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${\(owner).Arn}/"
                        + "invocations")
            ],
        ]
    }

    private var machine: JSON {
        let unescaped = given["UnescapeMappingTemplate"]?.bool == true ? #".replaceAll("\\'","'")"# : ""
        let input = "$util.escapeJavaScript($input.json('$'))\(unescaped)"
        return [
            "type": "aws", "httpMethod": "POST", "credentials": ["Fn::GetAtt": [.string("\(id)Role"), "Arn"]],
            "uri": ["Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"],
            "requestTemplates": [
                "application/json": [
                    "Fn::Sub": .string(#"{"input": "\#(input)", "stateMachineArn": "${\#(owner)}"}"#)
                ]
            ],
            "responses": ["200": ["statusCode": "200"], "400": ["statusCode": "400"]],
        ]
    }

    /// Parameters and models that requests must have.
    private func demand(_ operation: inout JSON, _ api: RestApiDefinition) throws(AWSError) {
        var parameters: [JSON] = []
        for parameter in given["RequestParameters"]?.array ?? [] {
            let member = parameter.object?.members.first
            let parts = (parameter.string ?? member?.key ?? "").split(separator: ".", maxSplits: 3).map(String.init)
            guard parts.count == 4, parts[0] == "method", parts[1] == "request",
                ["querystring", "path", "header"].contains(parts[2])
            else {
                throw invalid(
                    "Invalid value for 'RequestParameters' property. Keys must be in the format "
                        + "'method.request.[querystring|path|header].{value}', e.g 'method.request.header.Authorization'."
                )
            }
            parameters.append([
                "required": member?.value["Required"] ?? false, "type": "string", "name": .string(parts[3]),
                "in": .string(parts[2] == "querystring" ? "query" : parts[2]),
            ])
        }
        if let model = given["RequestModel"], let name = model["Model"]?.string {
            guard api.given["Models"]?[name] != nil else {
                throw invalid(
                    "Unable to set RequestModel [\(name)] on API method [\(given["Method"]?.string ?? "")] for path "
                        + "[\(given["Path"]?.string ?? "")] because it wasn't defined in the API's Models.")
            }
            var body: JSON = [
                "in": "body", "name": .string(name.lowercased()),
                "schema": ["$ref": .string("#/definitions/\(name.lowercased())")],
            ]
            body["required"] = model["Required"]
            parameters.append(body)
            let validator = RestApiDefinition.validator(
                body: model["ValidateBody"]?.bool, parameters: model["ValidateParameters"]?.bool)
            operation["x-amazon-apigateway-request-validator"] = validator.map { .string($0.name) }
        }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    }

    private var role: JSON.Object {
        let trust: JSON = [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Action": ["sts:AssumeRole"], "Effect": "Allow",
                    "Principal": ["Service": ["apigateway.amazonaws.com"]],
                ]
            ],
        ]
        let statement: JSON = [
            "Action": "states:StartExecution", "Effect": "Allow", "Resource": ["Ref": .string(owner)],
        ]
        let policy: JSON = [
            "PolicyName": .string("\(id)RoleStartExecutionPolicy"), "PolicyDocument": ["Statement": [statement]],
        ]
        return [
            "\(id)Role": attached("AWS::IAM::Role", ["AssumeRolePolicyDocument": trust, "Policies": [policy]])
        ]
    }

    private func permission(_ path: String, _ verb: String, _ api: RestApiDefinition) -> JSON.Object {
        let plain = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let place = plain.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? "*" : String(part)
        }.joined(separator: "/")
        let arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}/"
        let suffix = api.given["StageName"]?.string ?? "AllStages"
        return [
            "\(id)Permission\(suffix)": attached(
                "AWS::Lambda::Permission",
                [
                    "Action": "lambda:InvokeFunction", "FunctionName": ["Ref": .string(owner)],
                    "Principal": "apigateway.amazonaws.com",
                    "SourceArn": [
                        "Fn::Sub": [
                            .string("\(arn)\(verb)\(place)"),
                            ["__ApiId__": ["Ref": .string(api.id)], "__Stage__": "*"],
                        ]
                    ],
                ])
        ]
    }
}

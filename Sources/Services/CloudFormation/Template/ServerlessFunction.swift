import AWSWire
import JSON

/// One `AWS::Serverless::Function`: the function, its role, and what its events need.
struct ServerlessFunction {
    private let logicalId: String
    private let resource: JSON
    private var properties: JSON.Object

    /// The members that a function of Lambda has under the same name.
    private static let plain = [
        "FunctionName", "Handler", "Runtime", "Description", "MemorySize", "Timeout", "Environment", "Layers",
        "VpcConfig", "KmsKeyArn", "Architectures", "EphemeralStorage", "PackageType", "ImageConfig",
        "FileSystemConfigs",
        "ReservedConcurrentExecutions", "SnapStart", "LoggingConfig", "RecursiveLoop", "CodeSigningConfigArn",
    ]
    /// Members that have no effect on what is made here.
    private static let known: Set<String> = [
        "CodeUri", "InlineCode", "Policies", "Role", "Events", "Tags", "DeadLetterQueue", "EventInvokeConfig",
        "Tracing",
        "AutoPublishAlias", "PermissionsBoundary", "RolePath", "AssumeRolePolicyDocument", "PropagateTags",
        "FunctionUrlConfig", "RuntimeManagementConfig",
    ]

    init(_ logicalId: String, _ resource: JSON, globals: JSON.Object) throws(AWSError) {
        self.logicalId = logicalId
        self.resource = resource
        properties = resource["Properties"]?.object ?? [:]
        for (key, value) in globals { properties[key] = Self.merged(value, properties[key]) }
        for key in properties.keys where !Self.plain.contains(key) && !Self.known.contains(key) {
            throw Self.invalid(logicalId, "property \(key) not defined for resource of type AWS::Serverless::Function")
        }
    }

    static func invalid(_ logicalId: String, _ reason: String) -> AWSError {
        CloudFormationError.validation(
            "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. "
                + "Number of errors found: 1. Resource with id [\(logicalId)] is invalid. \(reason)")
    }

    /// Maps of globals and of the function are merged, lists appended, everything else is the function's.
    private static func merged(_ global: JSON, _ own: JSON?) -> JSON {
        guard let own else { return global }
        if let left = global.object, let right = own.object, FunctionCall(left) == nil, FunctionCall(right) == nil {
            var result = left
            for (key, value) in right { result[key] = merged(left[key] ?? value, value) }
            return .object(result)
        }
        if let left = global.array, let right = own.array { return .array(left + right) }
        return own
    }

    static func tags(_ map: JSON) -> JSON {
        .array((map.object ?? [:]).map { ["Key": .string($0.key), "Value": $0.value] })
    }

    func resources() throws(AWSError) -> JSON.Object {
        var made = JSON.Object()
        made[logicalId] = try function()
        if properties["Role"] == nil { made["\(logicalId)Role"] = role() }
        if let alias = properties["AutoPublishAlias"] {
            made["\(logicalId)Version"] = attached(
                "AWS::Lambda::Version", ["FunctionName": ["Ref": .string(logicalId)]])
            made["\(logicalId)Alias\(alias.string ?? "")"] = attached(
                "AWS::Lambda::Alias",
                [
                    "Name": alias, "FunctionName": ["Ref": .string(logicalId)],
                    "FunctionVersion": ["Fn::GetAtt": [.string("\(logicalId)Version"), "Version"]],
                ])
        }
        if let config = properties["FunctionUrlConfig"] {
            for (name, resource) in url(config) { made[name] = resource }
        }
        if let config = properties["EventInvokeConfig"] { made["\(logicalId)EventInvokeConfig"] = invokeConfig(config) }
        for (name, event) in properties["Events"]?.object ?? [:] {
            for (id, resource) in try source("\(logicalId)\(name)", event) { made[id] = resource }
        }
        return made
    }

    private func attached(_ type: String, _ properties: JSON) -> JSON {
        var result: JSON = ["Type": .string(type), "Properties": properties]
        result["Condition"] = resource["Condition"]
        return result
    }

    private func function() throws(AWSError) -> JSON {
        var result: JSON = ["Code": try code()]
        for key in Self.plain { result[key] = properties[key] }
        result["Role"] = properties["Role"] ?? ["Fn::GetAtt": [.string("\(logicalId)Role"), "Arn"]]
        if let mode = properties["Tracing"] { result["TracingConfig"] = ["Mode": mode] }
        if let target = properties["DeadLetterQueue"]?["TargetArn"] {
            result["DeadLetterConfig"] = ["TargetArn": target]
        }
        var tags: [JSON] = [["Key": "lambda:createdBy", "Value": "SAM"]]
        if let own = properties["Tags"] { tags += Self.tags(own).array ?? [] }
        result["Tags"] = .array(tags)
        var function = resource
        function["Type"] = "AWS::Lambda::Function"
        function["Properties"] = result
        return function
    }

    private func code() throws(AWSError) -> JSON {
        if let text = properties["InlineCode"] { return ["ZipFile": text] }
        guard let uri = properties["CodeUri"] else {
            throw Self.invalid(logicalId, "'InlineCode' or 'CodeUri' is required.")
        }
        if let text = uri.string {
            let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1)
            guard text.hasPrefix("s3://"), parts.count == 2 else {
                throw Self.invalid(
                    logicalId,
                    "'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
                )
            }
            return ["S3Bucket": .string(String(parts[0])), "S3Key": .string(String(parts[1]))]
        }
        var code: JSON = ["S3Bucket": uri["Bucket"] ?? "", "S3Key": uri["Key"] ?? ""]
        code["S3ObjectVersion"] = uri["Version"]
        return code
    }

    /// A URL, of the alias where there is one, and what lets everybody call it where it is open.
    private func url(_ config: JSON) -> [(String, JSON)] {
        var url: JSON = ["TargetFunctionArn": ["Ref": .string(logicalId)]]
        for member in ["AuthType", "Cors", "InvokeMode"] { url[member] = config[member] }
        url["Qualifier"] = properties["AutoPublishAlias"]
        var made = attached("AWS::Lambda::Url", url)
        if let alias = properties["AutoPublishAlias"] {
            made["DependsOn"] = .string("\(logicalId)Alias\(alias.string ?? "")")
        }
        guard config["AuthType"] == "NONE" else { return [("\(logicalId)Url", made)] }
        let permission: JSON = [
            "Action": "lambda:InvokeFunctionUrl", "FunctionName": ["Ref": .string(logicalId)], "Principal": "*",
            "FunctionUrlAuthType": "NONE",
        ]
        return [
            ("\(logicalId)Url", made),
            ("\(logicalId)UrlPublicPermissions", attached("AWS::Lambda::Permission", permission)),
        ]
    }

    private func role() -> JSON {
        attached(
            "AWS::IAM::Role",
            ServerlessRole.properties(
                logicalId, properties,
                trust: properties["AssumeRolePolicyDocument"] ?? ServerlessRole.trust("lambda.amazonaws.com"),
                managed: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]))
    }

    private func invokeConfig(_ config: JSON) -> JSON {
        var properties: JSON = ["FunctionName": ["Ref": .string(logicalId)], "Qualifier": "$LATEST"]
        properties["MaximumRetryAttempts"] = config["MaximumRetryAttempts"]
        properties["MaximumEventAgeInSeconds"] = config["MaximumEventAgeInSeconds"]
        if let given = config["DestinationConfig"] {
            var destinations: JSON = [:]
            for side in ["OnSuccess", "OnFailure"] {
                if let destination = given[side]?["Destination"] { destinations[side] = ["Destination": destination] }
            }
            properties["DestinationConfig"] = destinations
        }
        return attached("AWS::Lambda::EventInvokeConfig", properties)
    }

    /// What an event source needs beside the function.
    private func source(_ id: String, _ event: JSON) throws(AWSError) -> JSON.Object {
        let given = event["Properties"] ?? [:]
        let function: JSON = ["Ref": .string(logicalId)]
        switch event["Type"]?.string {
        case "SQS"?, "DynamoDB"?, "Kinesis"?:
            var properties: JSON = ["FunctionName": function]
            for (key, value) in given.object ?? [:] {
                properties[["Queue", "Stream"].contains(key) ? "EventSourceArn" : key] = value
            }
            return [id: attached("AWS::Lambda::EventSourceMapping", properties)]
        case "SNS"?:
            let topic = given["Topic"] ?? ""
            var subscription: JSON = [
                "TopicArn": topic, "Protocol": "lambda", "Endpoint": ["Fn::GetAtt": [.string(logicalId), "Arn"]],
            ]
            for key in ["FilterPolicy", "FilterPolicyScope", "RedrivePolicy"] { subscription[key] = given[key] }
            let permission: JSON = [
                "FunctionName": function, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com",
                "SourceArn": topic,
            ]
            return [
                id: attached("AWS::SNS::Subscription", subscription),
                "\(id)Permission": attached("AWS::Lambda::Permission", permission),
            ]
        // The bucket or the API of the template learns of it.
        case "S3"?, "HttpApi"?, "Api"?: return [:]
        case let type? where ServerlessEvents.types.contains(type):
            let events = ServerlessEvents(
                function: logicalId, condition: resource["Condition"])
            return events.resources(id, type, given)
        default:
            throw Self.invalid(
                logicalId, "Event \(id) has the type \(event["Type"]?.string ?? ""), which is not supported here.")
        }
    }
}

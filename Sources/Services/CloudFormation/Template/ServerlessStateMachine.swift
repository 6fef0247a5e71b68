import AWSWire
import JSON

/// One `AWS::Serverless::StateMachine`: the machine, its role, version and alias, and what its events need.
struct ServerlessStateMachine {
    private let logicalId: String
    private let resource: JSON
    private let properties: JSON.Object

    private static let known: Set<String> = [
        "Definition", "DefinitionUri", "DefinitionSubstitutions", "Role", "Policies", "PermissionsBoundary", "RolePath",
        "Name", "Type", "Logging", "Tracing", "Tags", "Events", "AutoPublishAlias", "DeploymentPreference",
        "PropagateTags", "UseAliasAsEventTarget",
    ]

    init(_ logicalId: String, _ resource: JSON, globals: JSON.Object) throws(AWSError) {
        self.logicalId = logicalId
        self.resource = resource
        var properties = globals
        for (key, value) in resource["Properties"]?.object ?? [:] { properties[key] = value }
        self.properties = properties
        for key in properties.keys where !Self.known.contains(key) {
            throw invalid("property \(key) not defined for resource of type AWS::Serverless::StateMachine")
        }
    }

    private func invalid(_ reason: String) -> AWSError { ServerlessFunction.invalid(logicalId, reason) }

    private var ref: JSON { ["Ref": .string(logicalId)] }
    private func arn(_ id: String) -> JSON { ["Fn::GetAtt": [.string(id), "Arn"]] }

    func resources() throws(AWSError) -> JSON.Object {
        var made = JSON.Object()
        made[logicalId] = try machine()
        if properties["Role"] == nil { made["\(logicalId)Role"] = role() }
        var target = ref
        if let alias = properties["AutoPublishAlias"] {
            let version = "\(logicalId)Version"
            made[version] = attached(
                "AWS::StepFunctions::StateMachineVersion",
                [
                    "StateMachineArn": ref,
                    "StateMachineRevisionId": ["Fn::GetAtt": [.string(logicalId), "StateMachineRevisionId"]],
                ])
            var preference = properties["DeploymentPreference"] ?? ["Type": "ALL_AT_ONCE"]
            preference["StateMachineVersionArn"] = ["Ref": .string(version)]
            let id = "\(logicalId)Alias\(alias.string ?? "")"
            made[id] = attached(
                "AWS::StepFunctions::StateMachineAlias", ["Name": alias, "DeploymentPreference": preference])
            if properties["UseAliasAsEventTarget"]?.bool == true { target = ["Ref": .string(id)] }
        }
        for (name, event) in properties["Events"]?.object ?? [:] {
            for (id, resource) in try source("\(logicalId)\(name)", event, target) { made[id] = resource }
        }
        return made
    }

    private func attached(_ type: String, _ properties: JSON) -> JSON {
        var result: JSON = ["Type": .string(type), "Properties": properties]
        result["Condition"] = resource["Condition"]
        return result
    }

    private func machine() throws(AWSError) -> JSON {
        var result: JSON = [:]
        result["StateMachineName"] = properties["Name"]
        result["StateMachineType"] = properties["Type"]
        result["DefinitionSubstitutions"] = properties["DefinitionSubstitutions"]
        result["LoggingConfiguration"] = properties["Logging"]
        result["TracingConfiguration"] = properties["Tracing"]
        result["RoleArn"] = properties["Role"] ?? arn("\(logicalId)Role")
        if let definition = properties["Definition"] {
            result["Definition"] = definition
        } else if let uri = properties["DefinitionUri"] {
            result["DefinitionS3Location"] = try place(uri)
        } else {
            throw invalid("Either 'Definition' or 'DefinitionUri' property must be specified.")
        }
        var tags: [JSON] = [["Key": "stateMachine:createdBy", "Value": "SAM"]]
        if let own = properties["Tags"] { tags += ServerlessFunction.tags(own).array ?? [] }
        result["Tags"] = .array(tags)
        var machine = resource
        machine["Type"] = "AWS::StepFunctions::StateMachine"
        machine["Properties"] = result
        return machine
    }

    private func place(_ uri: JSON) throws(AWSError) -> JSON {
        guard let text = uri.string else { return uri }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1)
        guard text.hasPrefix("s3://"), parts.count == 2 else {
            throw invalid(
                "'DefinitionUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query "
                    + "parameter.")
        }
        return ["Bucket": .string(String(parts[0])), "Key": .string(String(parts[1]))]
    }

    private func role() -> JSON {
        attached(
            "AWS::IAM::Role",
            ServerlessRole.properties(logicalId, properties, trust: ServerlessRole.trust("states.amazonaws.com")))
    }

    // MARK: Events

    /// A rule or a schedule that starts the machine, and the role that lets it.
    private func source(_ id: String, _ event: JSON, _ target: JSON) throws(AWSError) -> JSON.Object {
        let given = event["Properties"] ?? [:]
        switch event["Type"]?.string {
        case "Schedule"?: return rule(id, given, target, ["ScheduleExpression": given["Schedule"] ?? ""])
        case "EventBridgeRule"?, "CloudWatchEvent"?:
            var trigger: JSON = ["EventPattern": given["Pattern"] ?? [:]]
            trigger["EventBusName"] = given["EventBusName"]
            return rule(id, given, target, trigger)
        case "ScheduleV2"?: return schedule(id, given, target)
        // The API of the template learns of it.
        case "Api"?: return [:]
        default:
            throw invalid("Event \(id) has the type \(event["Type"]?.string ?? ""), which is not supported here.")
        }
    }

    private func starter(_ id: String, _ service: String, _ given: JSON, _ made: inout JSON.Object) -> JSON {
        if let role = given["RoleArn"] { return role }
        made["\(id)Role"] = attached(
            "AWS::IAM::Role",
            [
                "AssumeRolePolicyDocument": ServerlessRole.trust(service),
                "Policies": [
                    [
                        "PolicyName": .string("\(id)StartExecutionPolicy"),
                        "PolicyDocument": [
                            "Version": "2012-10-17",
                            "Statement": [["Effect": "Allow", "Action": "states:StartExecution", "Resource": ref]],
                        ],
                    ]
                ],
            ])
        return arn("\(id)Role")
    }

    private func rule(_ id: String, _ given: JSON, _ machine: JSON, _ trigger: JSON) -> JSON.Object {
        var made = JSON.Object()
        var target: JSON = [
            "Id": given["Target"]?["Id"] ?? .string("\(id)StepFunctionsTarget"), "Arn": machine,
            "RoleArn": starter(id, "events.amazonaws.com", given, &made),
        ]
        for member in ["Input", "InputPath", "InputTransformer", "RetryPolicy"] { target[member] = given[member] }
        if let dead = given["DeadLetterConfig"]?["Arn"] { target["DeadLetterConfig"] = ["Arn": dead] }
        var properties = trigger
        properties["Targets"] = [target]
        properties["Name"] = given["Name"] ?? given["RuleName"]
        properties["Description"] = given["Description"]
        properties["State"] =
            given["State"] ?? given["Enabled"].map { $0.bool == false || $0.string == "false" ? "DISABLED" : "ENABLED" }
        made[id] = attached("AWS::Events::Rule", properties)
        return made
    }

    private func schedule(_ id: String, _ given: JSON, _ machine: JSON) -> JSON.Object {
        var made = JSON.Object()
        var target: JSON = ["Arn": machine, "RoleArn": starter(id, "scheduler.amazonaws.com", given, &made)]
        for member in ["Input", "RetryPolicy"] { target[member] = given[member] }
        if let dead = given["DeadLetterConfig"]?["Arn"] { target["DeadLetterConfig"] = ["Arn": dead] }
        var properties: JSON = [
            "ScheduleExpression": given["ScheduleExpression"] ?? "", "Target": target,
            "FlexibleTimeWindow": given["FlexibleTimeWindow"] ?? ["Mode": "OFF"],
            "Name": given["Name"] ?? .string(id),
        ]
        let plain = [
            "Description", "StartDate", "EndDate", "GroupName", "KmsKeyArn", "ScheduleExpressionTimezone", "State",
        ]
        for member in plain { properties[member] = given[member] }
        made[id] = attached("AWS::Scheduler::Schedule", properties)
        return made
    }
}

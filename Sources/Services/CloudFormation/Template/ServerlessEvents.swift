import JSON

/// The events of functions that are rules or schedules. Source: SAM specification, event sources of
/// `AWS::Serverless::Function`.
struct ServerlessEvents {
    /// The logical id of the function.
    let function: String
    let condition: JSON?

    static let types: Set<String> = ["Schedule", "ScheduleV2", "EventBridgeRule", "CloudWatchEvent"]

    private var arn: JSON { ["Fn::GetAtt": [.string(function), "Arn"]] }

    func resources(_ id: String, _ type: String, _ given: JSON) -> JSON.Object {
        type == "ScheduleV2" ? schedule(id, given) : rule(id, type, given)
    }

    private func attached(_ type: String, _ properties: JSON) -> JSON {
        var result: JSON = ["Type": .string(type), "Properties": properties]
        result["Condition"] = condition
        return result
    }

    private func rule(_ id: String, _ type: String, _ given: JSON) -> JSON.Object {
        var properties: JSON = [:]
        if type == "Schedule" {
            properties["ScheduleExpression"] = given["Schedule"]
            properties["Name"] = given["Name"]
            properties["Description"] = given["Description"]
        } else {
            properties["EventPattern"] = given["Pattern"]
            properties["EventBusName"] = given["EventBusName"]
            properties["Name"] = given["RuleName"]
        }
        properties["State"] = given["State"] ?? given["Enabled"]?.bool.map { $0 ? "ENABLED" : "DISABLED" }
        var target: JSON = [
            "Arn": arn, "Id": given["Target"]?["Id"] ?? .string("\(id)LambdaTarget"),
        ]
        for key in ["Input", "InputPath", "InputTransformer", "RetryPolicy"] { target[key] = given[key] }
        if let queue = given["DeadLetterConfig"]?["Arn"] { target["DeadLetterConfig"] = ["Arn": queue] }
        properties["Targets"] = [target]
        let permission: JSON = [
            "Action": "lambda:InvokeFunction", "FunctionName": ["Ref": .string(function)],
            "Principal": "events.amazonaws.com", "SourceArn": ["Fn::GetAtt": [.string(id), "Arn"]],
        ]
        return [
            id: attached("AWS::Events::Rule", properties),
            "\(id)Permission": attached("AWS::Lambda::Permission", permission),
        ]
    }

    private func schedule(_ id: String, _ given: JSON) -> JSON.Object {
        var properties: JSON = ["FlexibleTimeWindow": given["FlexibleTimeWindow"] ?? ["Mode": "OFF"]]
        for key in [
            "ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "State", "Description",
            "GroupName", "Name", "KmsKeyArn",
        ] { properties[key] = given[key] }
        properties["Name"] = given["Name"] ?? .string(id)
        var target: JSON = ["Arn": arn, "RoleArn": given["RoleArn"] ?? ["Fn::GetAtt": [.string("\(id)Role"), "Arn"]]]
        for key in ["Input", "RetryPolicy"] { target[key] = given[key] }
        if let queue = given["DeadLetterConfig"]?["Arn"] { target["DeadLetterConfig"] = ["Arn": queue] }
        properties["Target"] = target
        var made: JSON.Object = [id: attached("AWS::Scheduler::Schedule", properties)]
        guard given["RoleArn"] == nil else { return made }
        made["\(id)Role"] = attached("AWS::IAM::Role", role)
        return made
    }

    private var role: JSON {
        [
            "AssumeRolePolicyDocument": [
                "Version": "2012-10-17",
                "Statement": [
                    [
                        "Effect": "Allow", "Action": ["sts:AssumeRole"],
                        "Principal": ["Service": ["scheduler.amazonaws.com"]],
                    ]
                ],
            ],
            "Policies": [
                [
                    "PolicyName": "LambdaExecutionPolicy",
                    "PolicyDocument": [
                        "Version": "2012-10-17",
                        "Statement": [["Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn]],
                    ],
                ]
            ],
        ]
    }
}

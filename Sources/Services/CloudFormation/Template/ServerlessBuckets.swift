import AWSWire
import JSON

/// Functions that listen to buckets of their template: the bucket gets the notification, the function the permission.
/// Source: SAM specification, S3 event of `AWS::Serverless::Function`.
enum ServerlessBuckets {
    static func attach(_ tree: JSON, to resources: inout JSON.Object) throws(AWSError) {
        for (function, resource) in tree["Resources"]?.object ?? [:]
        where resource["Type"]?.string == "AWS::Serverless::Function" {
            for (name, event) in resource["Properties"]?["Events"]?.object ?? [:] where event["Type"]?.string == "S3" {
                try attach(event["Properties"] ?? [:], function, "\(function)\(name)", to: &resources)
            }
        }
    }

    private static func attach(
        _ event: JSON, _ function: String, _ id: String, to resources: inout JSON.Object
    ) throws(AWSError) {
        guard let bucketId = event["Bucket"]?["Ref"]?.string, var bucket = resources[bucketId],
            bucket["Type"]?.string == "AWS::S3::Bucket"
        else {
            throw ServerlessFunction.invalid(function, "S3 events must reference an S3 bucket in the same template.")
        }
        let events = event["Events"]?.array ?? event["Events"].map { [$0] } ?? []
        var properties = bucket["Properties"] ?? [:]
        var notifications = properties["NotificationConfiguration"] ?? [:]
        let entries = events.map { name in
            var entry: JSON = ["Event": name, "Function": ["Fn::GetAtt": [.string(function), "Arn"]]]
            entry["Filter"] = event["Filter"]
            return entry
        }
        notifications["LambdaConfigurations"] = .array(
            (notifications["LambdaConfigurations"]?.array ?? []) + entries)
        properties["NotificationConfiguration"] = notifications
        bucket["Properties"] = properties
        let before = bucket["DependsOn"]?.array ?? bucket["DependsOn"].map { [$0] } ?? []
        bucket["DependsOn"] = .array(before + [.string("\(id)Permission")])
        resources[bucketId] = bucket
        resources["\(id)Permission"] = [
            "Type": "AWS::Lambda::Permission",
            "Properties": [
                "Action": "lambda:InvokeFunction", "FunctionName": ["Ref": .string(function)],
                "Principal": "s3.amazonaws.com", "SourceAccount": ["Ref": "AWS::AccountId"],
            ],
        ]
    }
}

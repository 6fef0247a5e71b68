import AWSWire
import JSON

/// `AWS::Serverless::LayerVersion`: the layer version of Lambda that it stands for.
///
/// Assumed: the logical id stays as it is; AWS adds a hash, so that an update makes another resource. Here a changed
/// layer is replaced, and stays where `RetentionPolicy` says so, as it does unless that is `Delete`.
enum ServerlessLayer {
    static func version(_ logicalId: String, _ resource: JSON) throws(AWSError) -> JSON {
        let given = resource["Properties"] ?? [:]
        var properties: JSON = ["LayerName": given["LayerName"] ?? .string(logicalId)]
        for member in ["Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo"] {
            properties[member] = given[member]
        }
        properties["Content"] = try content(logicalId, given["ContentUri"])
        let isDeleted = given["RetentionPolicy"]?.string == "Delete"
        var made = resource
        made["Type"] = "AWS::Lambda::LayerVersion"
        made["Properties"] = properties
        made["DeletionPolicy"] = resource["DeletionPolicy"] ?? (isDeleted ? "Delete" : "Retain")
        made["UpdateReplacePolicy"] = resource["UpdateReplacePolicy"] ?? (isDeleted ? "Delete" : "Retain")
        return made
    }

    private static func content(_ logicalId: String, _ uri: JSON?) throws(AWSError) -> JSON {
        guard let uri else { throw ServerlessFunction.invalid(logicalId, "Missing required property 'ContentUri'.") }
        guard let text = uri.string else {
            var content: JSON = ["S3Bucket": uri["Bucket"] ?? "", "S3Key": uri["Key"] ?? ""]
            content["S3ObjectVersion"] = uri["Version"]
            return content
        }
        guard let (bucket, key) = S3Address.parse(text), text.hasPrefix("s3://") else {
            throw ServerlessFunction.invalid(
                logicalId,
                "'ContentUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
            )
        }
        return ["S3Bucket": .string(bucket), "S3Key": .string(key)]
    }
}

import AWSModel

/// How the AWS SDKs for Java name services, operations and errors: what executions show comes from there.
enum JavaName {
    /// `DynamoDB` → `DynamoDb`, `SQS` → `Sqs`, `KMSDisabled` → `KmsDisabled`, `Secrets Manager` → `SecretsManager`.
    static func pascal(_ text: String) -> String {
        text.split { !$0.isLetter && !$0.isNumber }.map { word in
            var result = ""
            let letters = Array(word)
            for (index, letter) in letters.enumerated() {
                guard index > 0 else {
                    result += letter.uppercased()
                    continue
                }
                // The last capital of a run begins a word when a small letter follows: HTTPServer → HttpServer.
                let startsWord =
                    !letters[index - 1].isUppercase
                    || (index + 1 < letters.count && letters[index + 1].isLowercase)
                result += startsWord ? String(letter) : letter.lowercased()
            }
            return result
        }.joined()
    }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// The class of an error shape: `NoSuchBucket` → `NoSuchBucketException`, `LimitFault` → `LimitException`.
    static func exception(_ shape: String) -> String {
        if shape.hasSuffix("Exception") { return pascal(shape) }
        return pascal(shape.hasSuffix("Fault") ? String(shape.dropLast(5)) : shape) + "Exception"
    }
}

/// The services by the names that `aws-sdk` resources use: the service id without spaces, in small letters
/// (`sfn`, `cloudwatchlogs`, `eventbridge`).
enum SDKServices {
    static func named(_ name: String) -> ServiceModel? { id(name).flatMap(ServiceModel.named) }

    /// The name under which Baton knows the service.
    static func id(_ name: String) -> String? { ids[name.lowercased()] }

    /// Known without reading every model.
    private static let ids: [String: String] = {
        let special = ["stepfunctions": "sfn", "events": "eventbridge", "logs": "cloudwatchlogs"]
        var ids: [String: String] = [:]
        for id in ServiceModel.all { ids[special[id] ?? id.filter { $0 != "-" }] = id }
        return ids
    }()
}

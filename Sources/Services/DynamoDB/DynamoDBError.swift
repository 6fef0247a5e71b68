import AWSWire
import DynamoDBExpressions
import JSON

/// The errors of DynamoDB. Codes are those of the API reference; the texts are AWS's own.
extension AWSError {
    /// A constraint of one member, in the words of the model validator.
    static func constraint(_ value: String, at member: String, _ constraint: String) -> AWSError {
        .validation(
            "1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: \(constraint)")
    }

    /// Data operations do not name the table.
    static let resourceNotFound = AWSError("ResourceNotFoundException", "Requested resource not found")

    static func tableNotFound(_ name: String) -> AWSError {
        AWSError("ResourceNotFoundException", "Requested resource not found: Table: \(name) not found")
    }

    static func arnNotFound(_ arn: String) -> AWSError {
        AWSError("ResourceNotFoundException", "Requested resource not found: ResourcArn: \(arn) not found")
    }

    static func tableExists(_ name: String) -> AWSError {
        AWSError("ResourceInUseException", "Table already exists: \(name)")
    }

    static func limitExceeded(_ message: String) -> AWSError { AWSError("LimitExceededException", message) }

    /// - Parameter item: the item as it is, when the caller asked for it.
    static func conditionFailed(_ item: Item?) -> AWSError {
        var fields = JSON.Object()
        if let item { fields["Item"] = item.tree }
        return AWSError("ConditionalCheckFailedException", "The conditional request failed", fields: fields)
    }
}

import AWSWire

/// The errors of SNS, each with its code, status and message in one place.
///
/// Source: the API's model for codes and status; messages are those that AWS answers, unless marked `Assumed:`.
enum SNSError {
    static func invalidParameter(_ detail: String) -> AWSError {
        AWSError("InvalidParameter", "Invalid parameter: \(detail)")
    }

    /// An attribute's value was refused; `Subscribe` and `CreateTopic` name their parameter first.
    static func invalidAttribute(_ detail: String, isCreating: Bool) -> AWSError {
        invalidParameter(isCreating ? "Attributes Reason: \(detail)" : detail)
    }

    /// A message attribute was refused.
    static func invalidValue(_ message: String) -> AWSError { AWSError("ParameterValueInvalid", message) }

    static let topicNotFound = AWSError("NotFound", "Topic does not exist", status: 404)
    static let subscriptionNotFound = AWSError("NotFound", "Subscription does not exist", status: 404)
    /// What the tag operations answer.
    static let resourceNotFound = AWSError("ResourceNotFound", "Resource does not exist", status: 404)
    static let tagLimit = AWSError(
        "TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
    static let invalidToken = AWSError("InvalidParameter", "Invalid token")
    /// Assumed: the text.
    static let filterPolicyLimit = AWSError(
        "FilterPolicyLimitExceeded", "Filter policy limit exceeded for the topic", status: 403)

    static let emptyBatch = AWSError("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    static let tooManyEntries = AWSError(
        "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
    static let idsNotDistinct = AWSError(
        "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
    static let invalidEntryId = AWSError(
        "InvalidBatchEntryId", "The Id of a batch entry in a batch request doesn't abide by the specification.")
    static let batchTooLong = AWSError(
        "BatchRequestTooLong", "The length of all the messages put together is more than the limit.")
}

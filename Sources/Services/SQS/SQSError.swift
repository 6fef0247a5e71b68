import AWSWire
import JSON

/// Every error that SQS answers, with its code in the JSON protocol and in the query protocol.
enum SQSError {
    private static func legacy(_ code: String, _ message: String, status: Int = 400) -> AWSError {
        AWSError(code, message, status: status, queryCode: "AWS.SimpleQueueService.\(code)")
    }

    // MARK: Requests

    static func invalid(_ message: String) -> AWSError {
        AWSError("InvalidParameterValueException", message, queryCode: "InvalidParameterValue")
    }

    static func invalid(_ parameter: String, _ value: some CustomStringConvertible, _ reason: String) -> AWSError {
        invalid("Value \(value) for parameter \(parameter) is invalid. Reason: \(reason)")
    }

    /// A parameter that standard queues have not, or FIFO queues have not.
    static func notForThisQueueType(_ parameter: String, _ value: some CustomStringConvertible) -> AWSError {
        invalid(parameter, value, "The request include parameter that is not valid for this queue type.")
    }

    static func missing(_ parameter: String) -> AWSError {
        AWSError(
            "MissingRequiredParameterException", "The request must contain the parameter \(parameter).",
            queryCode: "MissingParameter")
    }

    static func invalidAddress(_ url: String) -> AWSError {
        AWSError("InvalidAddress", "The address \(url) is not valid for this endpoint.")
    }

    static func unsupported(_ message: String) -> AWSError { legacy("UnsupportedOperation", message) }

    static func overLimit(_ message: String) -> AWSError { AWSError("OverLimit", message, status: 403) }

    static func notFound(_ message: String) -> AWSError {
        AWSError("ResourceNotFoundException", message, status: 404)
    }

    // MARK: Queues

    static let queueDoesNotExist = AWSError(
        "QueueDoesNotExist", "The specified queue does not exist.",
        queryCode: "AWS.SimpleQueueService.NonExistentQueue")

    static func queueNameExists(_ attribute: String) -> AWSError {
        AWSError(
            "QueueNameExists",
            "A queue already exists with the same name and a different value for attribute \(attribute)",
            queryCode: "QueueAlreadyExists")
    }

    static func unknownAttribute(_ name: String) -> AWSError {
        AWSError("InvalidAttributeName", "Unknown Attribute \(name).")
    }

    static func invalidAttribute(_ name: String, _ reason: String? = nil) -> AWSError {
        AWSError(
            "InvalidAttributeValue",
            "Invalid value for the parameter \(name)." + (reason.map { " Reason: \($0)" } ?? ""))
    }

    static let twoEncryptions = AWSError(
        "InvalidAttributeName",
        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")

    static func purgeInProgress(_ name: String) -> AWSError {
        legacy(
            "PurgeQueueInProgress", "Only one PurgeQueue operation on \(name) is allowed every 60 seconds.",
            status: 403)
    }

    // MARK: Messages

    static let invalidCharacters = AWSError(
        "InvalidMessageContents",
        "Invalid characters found. Valid unicode characters are "
            + "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")

    static func tooLong(_ limit: Int) -> AWSError {
        invalid("One or more parameters are invalid. Reason: Message must be shorter than \(limit) bytes.")
    }

    static let noDeduplicationId = invalid(
        "The queue should either have ContentBasedDeduplication enabled or "
            + "MessageDeduplicationId provided explicitly")

    static let noGroupIdInBatch = invalid("The request must contain the parameter MessageGroupId.")

    static func receiptHandleIsInvalid(_ handle: String) -> AWSError {
        AWSError("ReceiptHandleIsInvalid", "The input receipt handle \"\(handle)\" is not a valid receipt handle.")
    }

    static func receiptHandleExpired(_ handle: String) -> AWSError {
        invalid("ReceiptHandle", handle, "The receipt handle has expired.")
    }

    static func notAvailableForChange(_ handle: String) -> AWSError {
        invalid(
            "ReceiptHandle", handle,
            "Message does not exist or is not available for visibility timeout change.")
    }

    /// Assumed: the message.
    static let messageNotInflight = legacy("MessageNotInflight", "The specified message isn't in flight.")

    /// Assumed: the message.
    static let tooManyInFlight = overLimit(
        "The maximum number of in flight messages, \(Limits.inFlight), is reached.")

    // MARK: Batches

    static func emptyBatch(_ operation: String) -> AWSError {
        legacy(
            "EmptyBatchRequest", "There should be at least one \(operation)RequestEntry in the request.")
    }

    static func tooManyEntries(_ count: Int) -> AWSError {
        legacy(
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are \(Limits.batchEntries). You have sent \(count).")
    }

    static let invalidEntryId = legacy(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
            + "It can be at most \(Limits.batchEntryIdLength) letters long.")

    static func repeatedEntryId(_ id: String) -> AWSError {
        legacy("BatchEntryIdsNotDistinct", "Id \(id) repeated.")
    }

    static func batchTooLong(_ bytes: Int) -> AWSError {
        legacy(
            "BatchRequestTooLong",
            "Batch requests cannot be longer than \(Limits.messageBytes) bytes. You have sent \(bytes) bytes.")
    }
}

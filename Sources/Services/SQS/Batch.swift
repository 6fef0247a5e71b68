import AWSWire

/// An entry of a batch request.
protocol BatchEntry: Decodable, Sendable {
    var id: String { get }
}

/// An entry that failed, while the request as a whole succeeded.
struct BatchResultErrorEntry: Encodable, Sendable {
    let id: String
    let senderFault: Bool
    let code: String
    let message: String

    /// Codes are those of the query protocol in both protocols.
    init(_ id: String, _ error: AWSError) {
        self.id = id
        senderFault = error.fault == .sender
        code = error.queryCode ?? error.code
        message = error.message
    }
}

/// The outcome of a batch, entry by entry in the order of the request. Lists without elements are left out.
struct BatchResult<Success: Encodable & Sendable>: Encodable, Sendable {
    let successful: [Success]?
    let failed: [BatchResultErrorEntry]?

    init(_ successful: [Success], _ failed: [BatchResultErrorEntry]) {
        self.successful = successful.isEmpty ? nil : successful
        self.failed = failed.isEmpty ? nil : failed
    }
}

enum Batch {
    /// 1 to 10 entries with distinct ids of 1 to 80 letters, digits, hyphens and underscores.
    static func check(_ entries: [some BatchEntry], of operation: String) throws(AWSError) {
        guard !entries.isEmpty else { throw SQSError.emptyBatch(operation) }
        guard entries.count <= Limits.batchEntries else { throw SQSError.tooManyEntries(entries.count) }
        var ids: Set<String> = []
        for entry in entries {
            guard MessageText.isName(entry.id) else { throw SQSError.invalidEntryId }
            guard ids.insert(entry.id).inserted else { throw SQSError.repeatedEntryId(entry.id) }
        }
    }
}

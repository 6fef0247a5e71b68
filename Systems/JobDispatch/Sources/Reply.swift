import JSON

/// What Matillion ETL says of a finished task. It may lack any member, and have more than are read here.
struct Reply: Equatable {
    var status: RunStatus
    /// The names of the job; nil when one of them is missing, so that no run can be found.
    var awaiting: String?
    var rowCount: Int?
    var message: String?
    var startTime: JSON
    var endTime: JSON

    /// - Parameters:
    ///   - body: the reply as JSON, or as base64 of gzip of it. Assumed: this is how the vendor makes gzip a text.
    ///   - queueArn: tells success from failure for a reply without a state.
    init(body: String, queueArn: String) throws(Rejection) {
        guard let json = Self.json(body), json.object != nil else { throw Rejection("Reply is not a JSON object") }
        switch json["state"]?.string {
        case "SUCCESS": status = .succeeded
        case "FAILED", "CANCELLED": status = .failed
        case let state?: throw Rejection("Reply has the unknown state '\(state)'")
        case nil: status = queueArn.hasSuffix("-success") ? .succeeded : .failed
        }
        awaiting = MatillionMessage.awaiting(reply: json)
        rowCount = json["rowCount"]?.int
        message = json["message"]?.string
        startTime = json["startTime"] ?? .null
        endTime = json["endTime"] ?? .null
    }

    private static func json(_ body: String) -> JSON? {
        if let json = try? JSON.parse(body) { return json }
        let text = body.filter { !$0.isWhitespace }
        guard let packed = Base64.decode(text), let bytes = Gzip.decoded(packed) else { return nil }
        return try? JSON.parse(bytes)
    }

    /// What subscribers of the completion topic read.
    func completion(runId: String?, jobId: String?, jobType: String?, topicArn: String) -> Call {
        let completion: JSON = [
            "runId": runId.map(JSON.string) ?? .null, "jobId": jobId.map(JSON.string) ?? .null,
            "jobType": jobType.map(JSON.string) ?? .null, "status": .string(status.rawValue),
            "rowCount": rowCount.map { .number($0) } ?? .null, "message": message.map(JSON.string) ?? .null,
            "startTime": startTime, "endTime": endTime,
        ]
        return .aws(
            "sns", "Publish",
            [
                "TopicArn": .string(topicArn), "Message": .string(completion.text()),
                "MessageAttributes": [
                    "status": ["DataType": "String", "StringValue": .string(status.rawValue)]
                ],
            ])
    }
}

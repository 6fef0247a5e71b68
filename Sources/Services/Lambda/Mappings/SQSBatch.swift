import AWSWire
import JSON

/// Messages of a queue as one event for a function, and which of them are done after it.
struct SQSBatch: Sendable {
    /// In the form of the function's event.
    let records: [JSON]
    /// Receipt handles of messages that no filter wants: they are deleted unseen.
    let filtered: [String]

    /// - Parameter messages: as ReceiveMessage returns them.
    init(_ messages: [JSON], source: ARN, filter: FilterCriteria) {
        var (records, filtered) = ([JSON](), [String]())
        for message in messages {
            let record = Self.record(message, source)
            if filter.matches(Self.filterable(record)) {
                records.append(record)
            } else if let handle = message["ReceiptHandle"]?.string {
                filtered.append(handle)
            }
        }
        (self.records, self.filtered) = (records, filtered)
    }

    var event: JSON { ["Records": .array(records)] }

    private static func record(_ message: JSON, _ source: ARN) -> JSON {
        var attributes: JSON = [:]
        for (name, value) in message["MessageAttributes"]?.object ?? [:] {
            var attribute: JSON = [:]
            if let text = value["StringValue"] { attribute["stringValue"] = text }
            if let bytes = value["BinaryValue"]?.bytes { attribute["binaryValue"] = .string(Base64.encode(bytes)) }
            attribute["stringListValues"] = []
            attribute["binaryListValues"] = []
            attribute["dataType"] = value["DataType"] ?? "String"
            attributes[name] = attribute
        }
        var record: JSON = [
            "messageId": message["MessageId"] ?? "", "receiptHandle": message["ReceiptHandle"] ?? "",
            "body": message["Body"] ?? "", "attributes": message["Attributes"] ?? [:],
            "messageAttributes": attributes,
        ]
        if let md5 = message["MD5OfMessageAttributes"] { record["md5OfMessageAttributes"] = md5 }
        record["md5OfBody"] = message["MD5OfBody"] ?? ""
        record["eventSource"] = "aws:sqs"
        record["eventSourceARN"] = .string(source.description)
        record["awsRegion"] = .string(source.region)
        return record
    }

    /// The record with a JSON body opened, so that patterns reach into it.
    private static func filterable(_ record: JSON) -> JSON {
        guard let text = record["body"]?.string, let body = try? JSON.parse(text), body.object != nil else {
            return record
        }
        var record = record
        record["body"] = body
        return record
    }

    /// Receipt handles of the messages that are done.
    ///
    /// All when the function succeeded; with reported failures all but those. A report that cannot be read, names nobody
    /// or names a message that is not there counts as failure of the whole batch (Developer Guide, "Implementing partial
    /// batch responses").
    func done(_ result: InvocationResult, reportsFailures: Bool) -> [String] {
        guard result.functionError == nil else { return [] }
        let all = records.compactMap { $0["receiptHandle"]?.string }
        guard reportsFailures else { return all }
        guard let answer = try? JSON.parse(result.payload) else { return result.payload.isEmpty ? all : [] }
        if answer.isNull { return all }
        guard answer.object != nil else { return [] }
        guard let failures = answer["batchItemFailures"], !failures.isNull else { return all }
        guard let failures = failures.array else { return [] }
        let ids = Set(records.compactMap { $0["messageId"]?.string })
        var failed: Set<String> = []
        for failure in failures {
            guard let id = failure["itemIdentifier"]?.string, ids.contains(id) else { return [] }
            failed.insert(id)
        }
        return records.filter { !failed.contains($0["messageId"]?.string ?? "") }
            .compactMap { $0["receiptHandle"]?.string }
    }
}

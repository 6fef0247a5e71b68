import AWSWire
import BatonCore
import BatonStore
import JSON

/// Puts up to ten events on event buses: in one transaction, with the deliveries to all targets that want them.
///
/// An entry that is wrong is answered with its error, the others are taken. Events for a bus that does not exist are
/// taken and lost, as on AWS. Limit: 1 MiB for all entries (256 KB until 2026).
/// Source: API reference, PutEvents; user guide, calculating the size of entries.
enum PutEvents: WriteOperation {
    struct Entry: Decodable, Sendable {
        let time: JSON?
        let source: String?
        let resources: [String]?
        let detailType: String?
        let detail: String?
        let eventBusName: String?

        var size: Int {
            (time == nil ? 0 : 14) + (source ?? "").utf8.count + (detailType ?? "").utf8.count
                + (detail ?? "").utf8.count + (resources ?? []).reduce(0) { $0 + $1.utf8.count }
        }
    }

    struct Input: Decodable, Sendable {
        let entries: [Entry]
        /// A global endpoint's.
        let endpointId: String?
    }

    struct Result: Encodable, Sendable {
        var eventId: String?
        var errorCode: String?
        var errorMessage: String?
    }

    struct Output: Encodable, Sendable {
        let failedEntryCount: Int
        let entries: [Result]
    }

    static let maxBytes = 1_048_576

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        guard input.entries.reduce(0, { $0 + $1.size }) <= maxBytes else {
            throw EventsError.validation("Total size of the entries in the request is over the limit.")
        }
        if let id = input.endpointId { try Endpoint.checkId(id, context) }
        let buses = context.service(EventBridge.self).buses
        var results: [Result] = []
        var writes: [Write<Void>] = []
        for entry in input.entries {
            do {
                let id = context.random.uuid()
                writes.append(try event(entry, id, context).route(buses))
                results.append(Result(eventId: id))
            } catch {
                results.append(Result(errorCode: error.code, errorMessage: error.message))
            }
        }
        let output = Output(failedEntryCount: results.count { $0.errorCode != nil }, entries: results)
        return { [writes] transaction in
            for write in writes { try write(transaction) }
            return output
        }
    }

    private static func event(_ entry: Entry, _ id: String, _ context: Context) throws(AWSError) -> Event {
        let source = try required(entry.source, "Source")
        let detailType = try required(entry.detailType, "DetailType")
        let text = try required(entry.detail, "Detail")
        guard let detail = try? JSON.parse(text), detail.object != nil else {
            throw AWSError("MalformedDetail", "Detail is malformed.")
        }
        guard !source.hasPrefix("aws.") else {
            throw AWSError("NotAuthorizedForSourceException", "Not authorized for the source.")
        }
        var timeMs = context.nowMs
        if case .number(let number) = entry.time { timeMs = Timestamp.milliseconds(number) ?? timeMs }
        return Event(
            id: id, source: source, detailType: detailType, timeMs: timeMs, resources: entry.resources ?? [],
            detail: detail, on: BusKey(entry.eventBusName, context), account: context.account)
    }

    private static func required(_ value: String?, _ name: String) throws(AWSError) -> String {
        guard let value, !value.isEmpty else {
            throw AWSError(
                "InvalidArgument", "Parameter \(name) is not valid. Reason: \(name) is a required argument.")
        }
        return value
    }
}

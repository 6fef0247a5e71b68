import JSON

/// What few messages have: the column `extra`, a JSON object with short names.
///
/// `a`: message attributes · `t`: AWSTraceHeader · `d`: MessageDeduplicationId · `s`: ARN of the queue from which the
/// message came to this dead-letter queue · `r`: how often it was received before it came here.
struct MessageExtra: Sendable {
    var attributes: JSON.Object = [:]
    var traceHeader: String?
    var deduplicationId: String?
    var source: String?
    var receivesBefore = 0

    init() {}

    init(_ text: String?) {
        guard let text, let extra = (try? JSON.parse(text))?.object else { return }
        attributes = extra["a"]?.object ?? [:]
        traceHeader = extra["t"]?.string
        deduplicationId = extra["d"]?.string
        source = extra["s"]?.string
        receivesBefore = extra["r"]?.int ?? 0
    }

    /// nil when there is nothing to store.
    var text: String? {
        var extra = JSON.Object()
        if !attributes.isEmpty { extra["a"] = .object(attributes) }
        extra["t"] = traceHeader.map(JSON.string)
        extra["d"] = deduplicationId.map(JSON.string)
        extra["s"] = source.map(JSON.string)
        if receivesBefore > 0 { extra["r"] = .number(receivesBefore) }
        return extra.isEmpty ? nil : JSON.object(extra).text()
    }
}

import JSON

extension HistoryEvent {
    /// The text of an array of what ``tree`` is for each event.
    public static func bytes(of events: [HistoryEvent]) -> [UInt8] {
        var writer = HistoryWriter(capacity: events.count * 240)
        writer.output.append(UInt8(ascii: "["))
        for (index, event) in events.enumerated() {
            if index > 0 { writer.output.append(UInt8(ascii: ",")) }
            writer.write(event)
        }
        writer.output.append(UInt8(ascii: "]"))
        return writer.output
    }
}

/// Writes events as text. A value that is the output of one state and the input of the next is escaped once.
private struct HistoryWriter {
    var output: [UInt8] = []
    private var last = ""
    private var place = 0..<0

    init(capacity: Int) { output.reserveCapacity(capacity) }

    mutating func write(_ event: HistoryEvent) {
        output.append("{\"timestamp\":")
        output.append(decimal: Int(event.atMs / 1000))
        let fraction = Int(event.atMs % 1000)
        output.append(fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".")
        output.append(decimal: fraction)
        output.append(",\"type\":\"")
        output.append(text: event.type.rawValue)
        output.append("\",\"id\":")
        output.append(decimal: event.id)
        output.append(",\"previousEventId\":")
        output.append(decimal: event.previousId)
        writeDetails(event)
        output.append(UInt8(ascii: "}"))
    }

    private mutating func writeDetails(_ event: HistoryEvent) {
        switch event.details {
        case .none: return
        case .entered(let state, let input):
            output.append(",\"stateEnteredEventDetails\":{\"name\":")
            JSON.write(string: state, into: &output)
            output.append(",\"input\":")
            write(value: input)
            output.append(",\"inputDetails\":{\"truncated\":false}}")
        case .exited(let state, let text, nil):
            output.append(",\"stateExitedEventDetails\":{\"name\":")
            JSON.write(string: state, into: &output)
            output.append(",\"output\":")
            write(value: text)
            output.append(",\"outputDetails\":{\"truncated\":false}}")
        default:
            guard let members = event.members else { return }
            output.append(",\"")
            output.append(text: event.detailsName)
            output.append("\":")
            JSON.object(members).write(into: &output)
        }
    }

    private mutating func write(value: String) {
        guard value == last, !place.isEmpty else {
            let start = output.count
            JSON.write(string: value, into: &output)
            (last, place) = (value, start..<output.count)
            return
        }
        // A copy of its own: a slice would share the storage, which then had to be copied whole.
        let known = Array(output[place])
        output.append(contentsOf: known)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    fileprivate mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    fileprivate mutating func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}

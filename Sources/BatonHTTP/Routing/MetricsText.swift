/// The text format of Prometheus, version 0.0.4.
struct MetricsText {
    private(set) var text = ""

    mutating func family(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    mutating func sample(
        _ name: String, _ labels: KeyValuePairs<String, String> = [:], _ value: some CustomStringConvertible
    ) {
        let list = labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",")
        text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(value)\n"
    }

    mutating func single(_ name: String, _ kind: String, _ help: String, _ value: some CustomStringConvertible) {
        family(name, kind, help)
        sample(name, [:], value)
    }

    mutating func requests(_ used: [(line: RequestMetrics.Line, counts: RequestMetrics.Counts)]) {
        family("baton_requests_total", "counter", "Requests answered, by service, operation and HTTP status.")
        for (line, counts) in used {
            for (status, count) in counts.byStatus.sorted(by: { $0.key < $1.key }) {
                sample(
                    "baton_requests_total",
                    ["service": line.service, "operation": line.operation, "status": "\(status)"], count)
            }
        }
        family("baton_request_duration_seconds", "histogram", "Time from the complete request to its answer.")
        for (line, counts) in used { histogram(line, counts) }
    }

    private mutating func histogram(_ line: RequestMetrics.Line, _ counts: RequestMetrics.Counts) {
        let name = "baton_request_duration_seconds"
        var sum = 0
        for (bound, count) in zip(RequestMetrics.bounds.map { "\($0)" } + ["+Inf"], counts.buckets) {
            sum += count
            sample("\(name)_bucket", ["service": line.service, "operation": line.operation, "le": bound], sum)
        }
        let labels: KeyValuePairs = ["service": line.service, "operation": line.operation]
        sample("\(name)_sum", labels, Double(counts.nanoseconds) / 1e9)
        sample("\(name)_count", labels, counts.total)
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}

/// The REPORT line behind each invocation.
struct FunctionReport: Sendable {
    let requestId: String
    let durationMs: Int64
    let memoryMB: Int
    let usedBytes: Int
    let initMs: Int64?
    /// `timeout`, or `error` with its type.
    let failure: String?

    var line: String {
        var parts = [
            "REPORT RequestId: \(requestId)", "Duration: \(Self.fixed(Double(durationMs))) ms",
            "Billed Duration: \(max(1, durationMs)) ms", "Memory Size: \(memoryMB) MB",
            "Max Memory Used: \((usedBytes + 0xFFFFF) >> 20) MB",
        ]
        if let initMs { parts.append("Init Duration: \(Self.fixed(Double(initMs))) ms") }
        if let failure { parts.append("Status: \(failure)") }
        return parts.joined(separator: "\t") + "\t"
    }

    /// Two digits behind the point.
    static func fixed(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Names of signals as Go's runtime, and so Lambda, prints them.
enum Signals {
    static func name(_ number: Int32) -> String {
        switch number {
        case 1: "hangup"
        case 2: "interrupt"
        case 3: "quit"
        case 4: "illegal instruction"
        case 6: "aborted"
        case 7: "bus error"
        case 8: "floating point exception"
        case 9: "killed"
        case 11: "segmentation fault"
        case 13: "broken pipe"
        case 15: "terminated"
        case 25: "file size limit exceeded"
        default: "signal \(number)"
        }
    }
}

import BatonCore
import Synchronization

/// What became of the requests, by service and operation.
final class RequestMetrics: Sendable {
    /// Upper bounds of the latency histogram in seconds.
    static let bounds: [Double] = [
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    struct Counts: Sendable {
        var byStatus: [Int: Int] = [:]
        /// One more than there are bounds.
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var nanoseconds: Int64 = 0
        var total = 0
    }

    /// One operation. Each has a lock of its own, so that hardly anybody ever waits for one.
    final class Line: Sendable {
        let service: String
        let operation: String
        private let counts = Mutex(Counts())

        init(_ service: String, _ operation: String) {
            self.service = service
            self.operation = operation
        }

        func record(status: Int, nanoseconds: Int64) {
            let bucket = Line.bucket(nanoseconds)
            counts.withLock {
                $0.byStatus[status, default: 0] += 1
                $0.buckets[bucket] += 1
                $0.nanoseconds += nanoseconds
                $0.total += 1
            }
        }

        var snapshot: Counts { counts.withLock { $0 } }

        private static func bucket(_ nanoseconds: Int64) -> Int {
            let seconds = Double(nanoseconds) / 1e9
            return RequestMetrics.bounds.firstIndex { seconds <= $0 } ?? RequestMetrics.bounds.count
        }
    }

    private let lines: [String: [String: Line]]
    /// Requests in which no operation could be recognised.
    private let others: [String: Line]
    private let unknown = Line("", "")

    init(_ registry: Registry) {
        var lines: [String: [String: Line]] = [:]
        var others: [String: Line] = [:]
        for service in registry.ids {
            let operations = registry.operations(service)
            lines[service] = Dictionary(operations.map { ($0, Line(service, $0)) }) { first, _ in first }
            others[service] = Line(service, "")
        }
        self.lines = lines
        self.others = others
    }

    func line(_ service: String, _ operation: String?) -> Line {
        operation.flatMap { lines[service]?[$0] } ?? others[service] ?? unknown
    }

    /// Everything that has been asked for, by service and operation in alphabetical order.
    var used: [(line: Line, counts: Counts)] {
        let all = lines.values.flatMap(\.values) + others.values + [unknown]
        return all.map { ($0, $0.snapshot) }.filter { $0.1.total > 0 }
            .sorted { ($0.line.service, $0.line.operation) < ($1.line.service, $1.line.operation) }
    }
}

/// Quotas of CloudWatch Logs (API reference, PutLogEvents, GetLogEvents, FilterLogEvents).
enum Limits {
    static let events = 10_000
    /// Bytes of one batch; each event counts ``eventOverhead`` more than its message.
    static let batchBytes = 1_048_576
    static let eventOverhead = 26
    /// A batch may not reach over more than this, ms.
    static let batchSpanMs: Int64 = 24 * 3_600_000
    /// Events may be this much ahead of the clock, ms.
    static let futureMs: Int64 = 2 * 3_600_000
    /// Events may be this old, ms.
    static let pastMs: Int64 = 14 * 86_400_000
    /// What one answer holds at most, bytes of messages.
    static let answerBytes = 1_048_576
    /// How many events one FilterLogEvents looks at before it hands out a token.
    static let scanned = 50_000
    static let tags = 50
    static let retentionDays: Set<Int> = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]
}

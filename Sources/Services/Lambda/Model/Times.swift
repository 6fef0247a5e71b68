import AWSWire

/// Points in time as Lambda writes them.
enum Times {
    /// `2026-01-31T09:05:07.042Z`
    static func iso(_ ms: Int64) -> String { Timestamp.iso8601(ms, showsMilliseconds: true) }

    /// `2026-01-31T09:05:07.042+0000`, the form of `LastModified` of functions.
    static func lastModified(_ ms: Int64) -> String { String(iso(ms).dropLast()) + "+0000" }

    /// `2026/01/31`, as names of log streams begin.
    static func folder(_ ms: Int64) -> String { String(iso(ms).prefix(10)).replacing("-", with: "/") }

    /// Epoch seconds for members of type timestamp.
    static func seconds(_ ms: Int64) -> Double { Double(ms) / 1000 }
}

public import AWSWire

/// Which failures are worth another attempt, and after what pause: exponential with full jitter, so that many clients
/// that failed together do not come back together.
/// Source: "Retry behavior", AWS SDKs and Tools reference guide, standard mode.
public struct RetryPolicy: Sendable, Equatable {
    /// Attempts in all, the first included.
    public var maxAttempts: Int
    /// Upper bound of the first pause.
    public var baseMs: Int
    /// Upper bound of any pause.
    public var capMs: Int

    public init(maxAttempts: Int = 3, baseMs: Int = 100, capMs: Int = 20_000) {
        self.maxAttempts = maxAttempts
        self.baseMs = baseMs
        self.capMs = capMs
    }

    /// The pause before the next attempt, nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: number of the attempt that failed, from 1.
    ///   - random: 0 ..< 1.
    public func pauseMs(after error: AWSError, attempt: Int, random: Double) -> Int? {
        guard attempt < maxAttempts, Self.isTransient(error) else { return nil }
        let bound = min(capMs, baseMs << min(attempt - 1, 20))
        return Int(Double(bound) * random)
    }

    /// Throttling, time-outs and failures of the service or of the way to it.
    public static func isTransient(_ error: AWSError) -> Bool {
        [429, 500, 502, 503, 504].contains(error.status) || throttling.contains(error.code)
            || ["RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"].contains(error.code)
    }

    private static let throttling: Set<String> = [
        "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
        "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
        "TooManyRequestsException", "TransactionInProgressException",
    ]
}

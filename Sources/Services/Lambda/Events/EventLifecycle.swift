/// What follows from one run of an asynchronous invocation (Developer Guide, "Asynchronous invocation").
///
/// Pure. A function that fails runs again after 1 minute, then after 2 more; an event that finds no room waits 1 s,
/// doubled each time up to 5 minutes; both end with the event's age.
struct EventLifecycle: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        case succeeded
        case failed
        case throttled
        /// Reserved concurrency is 0.
        case impossible
    }

    /// As destination records name it.
    enum Condition: String, Sendable {
        case success = "Success"
        case retriesExhausted = "RetriesExhausted"
        case eventAgeExceeded = "EventAgeExceeded"
    }

    enum Decision: Sendable, Equatable {
        case retry(atMs: Int64)
        case finish(Condition)
    }

    struct Bounds: Sendable, Equatable {
        /// 0–2.
        var retries = 2
        /// 60 s – 6 h.
        var ageMs: Int64 = 6 * 3_600_000
    }

    private(set) var failures: Int
    private(set) var throttles: Int
    let enqueuedMs: Int64

    init(failures: Int = 0, throttles: Int = 0, enqueuedMs: Int64) {
        self.failures = failures
        self.throttles = throttles
        self.enqueuedMs = enqueuedMs
    }

    mutating func decide(_ outcome: Outcome, _ bounds: Bounds, nowMs: Int64) -> Decision {
        switch outcome {
        case .succeeded: return .finish(.success)
        case .impossible: return .finish(.retriesExhausted)
        case .failed:
            failures += 1
            throttles = 0
            guard failures <= bounds.retries else { return .finish(.retriesExhausted) }
            return wait(Int64(failures) * 60_000, bounds, nowMs)
        case .throttled:
            let delayMs = min(Int64(1000) << min(throttles, 9), 300_000)
            throttles += 1
            return wait(delayMs, bounds, nowMs)
        }
    }

    private func wait(_ delayMs: Int64, _ bounds: Bounds, _ nowMs: Int64) -> Decision {
        nowMs + delayMs - enqueuedMs > bounds.ageMs
            ? .finish(.eventAgeExceeded) : .retry(atMs: nowMs + delayMs)
    }
}

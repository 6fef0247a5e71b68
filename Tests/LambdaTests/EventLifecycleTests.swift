import Testing

@testable import Lambda

@Suite struct EventLifecycleTests {
    private static let hour: Int64 = 3_600_000

    @Test(
        arguments: [
            // outcomes, retries, age, decisions; each run takes place when the one before said so
            ([.succeeded], 2, 6 * hour, [.finish(.success)]),
            (
                [.failed, .failed, .failed], 2, 6 * hour,
                [.retry(atMs: 60_000), .retry(atMs: 180_000), .finish(.retriesExhausted)]
            ),
            ([.failed, .succeeded], 2, 6 * hour, [.retry(atMs: 60_000), .finish(.success)]),
            ([.failed], 0, 6 * hour, [.finish(.retriesExhausted)]),
            ([.failed, .failed], 1, 6 * hour, [.retry(atMs: 60_000), .finish(.retriesExhausted)]),
            ([.failed, .failed], 2, 120_000, [.retry(atMs: 60_000), .finish(.eventAgeExceeded)]),
            ([.impossible], 2, 6 * hour, [.finish(.retriesExhausted)]),
            (
                [.throttled, .throttled, .throttled], 2, 6 * hour,
                [.retry(atMs: 1000), .retry(atMs: 3000), .retry(atMs: 7000)]
            ),
            (
                [.throttled, .failed, .throttled], 2, 6 * hour,
                [.retry(atMs: 1000), .retry(atMs: 61_000), .retry(atMs: 62_000)]
            ),
            ([.throttled], 2, 60_000, [.retry(atMs: 1000)]),
        ] as [([EventLifecycle.Outcome], Int, Int64, [EventLifecycle.Decision])])
    func decides(
        _ outcomes: [EventLifecycle.Outcome], _ retries: Int, _ ageMs: Int64, _ decisions: [EventLifecycle.Decision]
    ) {
        var lifecycle = EventLifecycle(enqueuedMs: 0)
        var nowMs: Int64 = 0
        let taken = outcomes.map { outcome in
            let decision = lifecycle.decide(outcome, .init(retries: retries, ageMs: ageMs), nowMs: nowMs)
            if case .retry(let atMs) = decision { nowMs = atMs }
            return decision
        }
        #expect(taken == decisions)
    }

    @Test func throttledEventsWaitAtMostFiveMinutesAndEndWithTheirAge() {
        var lifecycle = EventLifecycle(enqueuedMs: 0)
        var (nowMs, longest): (Int64, Int64) = (0, 0)
        while case .retry(let atMs) = lifecycle.decide(.throttled, .init(), nowMs: nowMs) {
            longest = max(longest, atMs - nowMs)
            nowMs = atMs
        }
        #expect(longest == 300_000)
        #expect(nowMs > 6 * Self.hour - 300_000 && nowMs <= 6 * Self.hour)
    }
}

import BatonStore
import Testing

@Suite struct ClockTests {
    @Test func aControlledClockFiresInOrderWhenMoved() async {
        let clock = ControlledClock(nowMs: 0)
        let (stream, fired) = AsyncStream.makeStream(of: Int.self)
        _ = clock.schedule(atMs: 20, pullsTime: true) { fired.yield(20) }
        _ = clock.schedule(atMs: 10, pullsTime: true) { fired.yield(10) }
        let cancelled = clock.schedule(atMs: 15, pullsTime: true) { fired.yield(15) }
        cancelled.cancel()
        clock.advance(byMs: 9)
        clock.advance(byMs: 20)
        fired.finish()
        #expect(clock.nowMs == 29)
        var seen: [Int] = []
        for await value in stream { seen.append(value) }
        #expect(seen == [10, 20])
    }

    @Test func aSkippingClockJumpsToTheNextTimerThatPullsTime() async {
        let clock = SkippingClock(quietMs: 1)
        let week: Int64 = 7 * 86_400_000
        let start = clock.nowMs
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            _ = clock.schedule(atMs: start + week, pullsTime: true) { continuation.resume() }
        }
        #expect(clock.nowMs >= start + week)
    }

    @Test func aSkippingClockDoesNotJumpToRowsThatComeAgainForEver() async throws {
        let clock = SkippingClock(quietMs: 1)
        let (day, hour): (Int64, Int64) = (86_400_000, 3_600_000)
        let start = clock.nowMs
        let store = try Store(.memory, clock: clock)
        let (stream, fired) = AsyncStream.makeStream(of: String.self)
        for (kind, pullsTime) in [("lazy", false), ("eager", true)] {
            store.due.handle(kind, pullsTime: pullsTime) { row in
                fired.yield(kind)
                return .done
            }
        }
        store.due.start()
        try await store.write { transaction in
            try transaction.schedule("lazy", atMs: start + hour)
            try transaction.schedule("lazy", atMs: start + 2 * day)
            try transaction.schedule("eager", atMs: start + day)
        }
        // The first fires because time passes it on the way to the one that pulls.
        var seen: Set<String> = []
        for await kind in stream {
            seen.insert(kind)
            if seen.count == 2 { break }
        }
        #expect(clock.nowMs < start + 2 * day)
        await store.close()
    }

    @Test func waitingEndsWhenTheTaskIsCancelled() async {
        let clock = ControlledClock(nowMs: 0)
        let waiting = Task { await clock.wait(untilMs: 1_000_000) }
        waiting.cancel()
        await waiting.value
        #expect(clock.nowMs == 0)
    }

    @Test func aSeededSourceRepeatsItself() {
        let (first, second) = (RandomSource(seed: 7), RandomSource(seed: 7))
        #expect(first.uuid() == second.uuid())
        #expect(first.uuid() != first.uuid())
        #expect(RandomSource().uuid().count == 36)
        #expect(RandomSource().hex(7).count == 7)
    }
}

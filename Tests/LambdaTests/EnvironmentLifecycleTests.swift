import Testing

@testable import Lambda

/// One line per way through the life of an environment: events in, effects out.
@Suite struct EnvironmentLifecycleTests {
    typealias Event = EnvironmentLifecycle.Event
    typealias Effect = EnvironmentLifecycle.Effect

    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [Event]
        let effects: [Effect]
        let phase: EnvironmentLifecycle.Phase
    }

    static let ways: [Way] = [
        way("cold", [.assigned("a"), .polled], [.initialized, .deliver("a")], .busy("a")),
        way("early", [.polled, .assigned("a")], [.initialized, .park, .deliver("a")], .busy("a")),
        way(
            "answer", [.assigned("a"), .polled, .answered("a")], [.initialized, .deliver("a"), .complete("a")],
            .settling),
        way(
            "warm", [.polled, .assigned("a"), .answered("a"), .polled, .assigned("b")],
            [.initialized, .park, .deliver("a"), .complete("a"), .park, .deliver("b")], .busy("b")),
        way(
            "next before poll", [.polled, .assigned("a"), .answered("a"), .assigned("b"), .polled],
            [.initialized, .park, .deliver("a"), .complete("a"), .deliver("b")], .busy("b")),
        way(
            "wrong id", [.assigned("a"), .polled, .answered("b")], [.initialized, .deliver("a"), .refuse], .busy("a")),
        way(
            "answered twice", [.assigned("a"), .polled, .answered("a"), .answered("a")],
            [.initialized, .deliver("a"), .complete("a"), .refuse], .settling),
        way("polled twice", [.polled, .polled], [.initialized, .park, .refuse], .idle),
        way(
            "polled while busy", [.assigned("a"), .polled, .polled], [.initialized, .deliver("a"), .refuse], .busy("a")),
        way("init error", [.assigned("a"), .initFailed, .exited], [.kill, .fail("a", .initFailed)], .ended),
        way("init error too late", [.polled, .initFailed], [.initialized, .park, .refuse], .idle),
        way("exit while starting", [.assigned("a"), .exited], [.fail("a", .exited)], .ended),
        way(
            "exit while busy", [.assigned("a"), .polled, .exited], [.initialized, .deliver("a"), .fail("a", .exited)],
            .ended),
        way("exit while idle", [.polled, .exited], [.initialized, .park], .ended),
        way(
            "exit while settling", [.assigned("a"), .polled, .answered("a"), .exited],
            [.initialized, .deliver("a"), .complete("a")], .ended),
        way(
            "exit before the next", [.assigned("a"), .polled, .answered("a"), .assigned("b"), .exited],
            [.initialized, .deliver("a"), .complete("a"), .handBack("b")], .ended),
        way(
            "time-out", [.assigned("a"), .polled, .timedOut, .exited],
            [.initialized, .deliver("a"), .kill, .fail("a", .timedOut)], .ended),
        way("time-out of init", [.assigned("a"), .timedOut, .exited], [.kill, .fail("a", .timedOut)], .ended),
        way("late time-out", [.polled, .timedOut], [.initialized, .park], .idle),
        way(
            "late time-out when answered", [.assigned("a"), .polled, .answered("a"), .timedOut],
            [.initialized, .deliver("a"), .complete("a")], .settling),
        way(
            "never polls again", [.assigned("a"), .polled, .answered("a"), .assigned("b"), .timedOut, .exited],
            [.initialized, .deliver("a"), .complete("a"), .kill, .handBack("b")], .ended),
        way(
            "answer after time-out", [.assigned("a"), .polled, .timedOut, .answered("a")],
            [.initialized, .deliver("a"), .kill, .refuse], .ending(.timedOut)),
        way("retired", [.polled, .retired, .exited], [.initialized, .park, .kill], .ended),
        way(
            "retired while busy", [.assigned("a"), .polled, .retired, .exited],
            [.initialized, .deliver("a"), .kill, .handBack("a")], .ended),
        way(
            "assigned too late", [.polled, .retired, .assigned("a"), .exited],
            [.initialized, .park, .kill, .handBack("a")], .ended),
        way("retired twice", [.retired, .retired, .exited, .exited], [.kill], .ended),
    ]

    private static func way(
        _ name: String, _ events: [Event], _ effects: [Effect], _ phase: EnvironmentLifecycle.Phase
    ) -> Way {
        Way(testDescription: name, events: events, effects: effects, phase: phase)
    }

    @Test(arguments: ways) func goes(_ way: Way) {
        var lifecycle = EnvironmentLifecycle()
        #expect(way.events.flatMap { lifecycle.handle($0) } == way.effects)
        #expect(lifecycle.phase == way.phase)
    }

    /// Whatever happens in whatever order: each assigned event is completed, failed or handed back exactly once.
    @Test func neverLosesAnEvent() {
        var state: UInt64 = 7
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<5_000 {
            var lifecycle = EnvironmentLifecycle()
            var (owed, number) = (Set<String>(), 0)
            func take(_ effects: [Effect]) {
                for effect in effects {
                    switch effect {
                    case .complete(let id), .fail(let id, _), .handBack(let id): #expect(owed.remove(id) != nil)
                    default: break
                    }
                }
            }
            for _ in 0..<20 {
                switch random(8) {
                case 0, 1, 2: take(lifecycle.handle(.polled))
                case 3 where owed.isEmpty:
                    number += 1
                    owed.insert("\(number)")
                    take(lifecycle.handle(.assigned("\(number)")))
                case 4, 5: take(lifecycle.handle(.answered("\(number)")))
                case 6: take(lifecycle.handle([.timedOut, .retired, .initFailed][Int(random(3))]))
                default: if random(10) == 0 { take(lifecycle.handle(.exited)) }
                }
            }
            take(lifecycle.handle(.exited))
            #expect(owed.isEmpty)
        }
    }
}

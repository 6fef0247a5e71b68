import Testing

@testable import Batch

@Suite("The life of a job")
struct LifecycleTests {
    private static let end = AttemptEnd(
        exitCode: 1, reason: nil, statusReason: JobLifecycle.exited, startedMs: 1, stoppedMs: 2)
    private static let good = AttemptEnd(
        exitCode: 0, reason: nil, statusReason: JobLifecycle.exited, startedMs: 1, stoppedMs: 2)

    @Test(
        "events in each state",
        arguments: [
            (.pending, .dependenciesMet, .runnable, [.enqueue]),
            (.submitted, .dependenciesMet, .runnable, [.enqueue]),
            (.runnable, .dependenciesMet, .runnable, []),
            (.pending, .dependencyFailed, .failed, [.failed]),
            (.runnable, .chosen, .starting, [.launch]),
            (.pending, .chosen, .pending, []),
            (.starting, .started, .running, []),
            (.running, .started, .running, []),
            (.running, .ended(good), .succeeded, [.record(good), .succeeded]),
            (.starting, .ended(good), .succeeded, [.record(good), .succeeded]),
            (.running, .ended(end), .failed, [.record(end), .failed]),
            (.runnable, .ended(end), .runnable, []),
            (.pending, .cancel(reason: "x"), .failed, [.failed]),
            (.runnable, .cancel(reason: "x"), .failed, [.dequeue, .failed]),
            (.starting, .cancel(reason: "x"), .starting, []),
            (.running, .cancel(reason: "x"), .running, []),
            (.runnable, .terminate(reason: "x"), .failed, [.dequeue, .failed]),
            (.running, .terminate(reason: "x"), .running, [.stop]),
            (.succeeded, .terminate(reason: "x"), .succeeded, []),
            (.running, .timedOut, .running, [.stop]),
            (.runnable, .timedOut, .runnable, []),
        ] as [(JobStatus, JobLifecycle.Event, JobStatus, [JobLifecycle.Effect])])
    func table(
        from: JobStatus, event: JobLifecycle.Event, to: JobStatus, effects: [JobLifecycle.Effect]
    ) {
        var life = JobLifecycle(status: from, attempt: 1)
        #expect(life.apply(event) == effects)
        #expect(life.status == to)
    }

    @Test("what was stopped fails with the reason of that, whatever its exit code, and is not retried")
    func stopped() {
        for exit in [Self.end, Self.good] {
            var life = JobLifecycle(status: .running, strategy: RetryStrategy(attempts: 3), attempt: 1)
            #expect(life.apply(.terminate(reason: "enough")) == [.stop])
            _ = life.apply(.ended(exit))
            #expect(life.status == .failed && life.reason == "enough" && life.isTerminated)
        }
    }

    @Test("a job that was terminated while it started is stopped as soon as it runs")
    func stoppedEarly() {
        var life = JobLifecycle(status: .starting, attempt: 1)
        #expect(life.apply(.terminate(reason: "x")) == [.stop])
        #expect(life.apply(.started) == [.stop])
    }

    @Test(
        "strategies",
        arguments: [
            (1, [], 1, false), (2, [], 1, true), (2, [], 2, false),
            (3, [("1", nil, nil, true)], 1, true), (3, [("1", nil, nil, false)], 1, false),
            (3, [("2", nil, nil, false)], 1, true), (3, [("1*", nil, nil, false)], 1, false),
            (3, [(nil, nil, "essential*", false)], 1, false), (3, [(nil, "x*", nil, false)], 1, true),
            (3, [("1", nil, "Host*", false), ("*", nil, nil, true)], 1, true),
            (3, [(nil, "*", nil, false)], 1, false),
        ] as [(Int, [(String?, String?, String?, Bool)], Int, Bool)])
    func strategies(attempts: Int, rules: [(String?, String?, String?, Bool)], attempt: Int, retries: Bool) {
        let strategy = RetryStrategy(
            attempts: attempts,
            rules: rules.map {
                RetryStrategy.Rule(onExitCode: $0.0, onReason: $0.1, onStatusReason: $0.2, retries: $0.3)
            })
        #expect(strategy.retries(Self.end, afterAttempt: attempt) == retries)
    }
}

@Suite("Small languages")
struct TextTests {
    @Test(
        "parameters",
        arguments: [
            ("Ref::a", "1"), ("x=Ref::a", "x=1"), ("Ref::a/Ref::b", "1/2"), ("Ref::none", "Ref::none"),
            ("plain", "plain"),
            ("Ref::ab", "3"),
        ])
    func parameters(text: String, result: String) {
        #expect(JobEnvironment.substituted(text, ["a": "1", "b": "2", "ab": "3"]) == result)
    }

    @Test(
        "ranges of nodes",
        arguments: [("0:3", 0, 3), ("2:", 2, 4), (":1", 0, 1), ("3", 3, 3)] as [(String, Int, Int)])
    func ranges(text: String, first: Int, last: Int) {
        let range = NodeRange(text, count: 5)
        #expect(range?.first == first && range?.last == last)
    }

    @Test("what is no range", arguments: ["", "x", "3:1", "1:2:3", "-1"])
    func noRange(text: String) { #expect(text.isEmpty || NodeRange(text, count: 5) == nil) }

    @Test(
        "memory of pods",
        arguments: [("1Gi", 1024), ("512Mi", 512), ("1048576", 1), ("1G", 953), ("nonsense", 0)] as [(String, Int)])
    func memory(text: String, mebibytes: Int) { #expect(Resources.mebibytes(text) == mebibytes) }

    @Test(
        "lines of output",
        arguments: [
            ("a\nb\n", true, ["a", "b"], 4), ("a\nb", true, ["a"], 2), ("a\nb", false, ["a", "b"], 3),
            ("a\r\n\n\nb\n", true, ["a", "b"], 7),
        ] as [(String, Bool, [String], Int)])
    func lines(text: String, keepsRest: Bool, texts: [String], bytes: Int) {
        let lines = ContainerLog.Lines(Array(text.utf8), keepsRest: keepsRest, limit: 100)
        #expect(lines?.texts == texts && lines?.bytes == bytes)
    }
}

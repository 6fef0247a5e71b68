import JSON
import Testing

@testable import baton

/// Events as the history shows them: `id < previous  type  name`.
private func history(_ lines: String...) throws -> ExecutionTree {
    var tree = ExecutionTree()
    for line in lines {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 4, let id = Int(words[0]), let previous = Int(words[2]) else { continue }
        var event: JSON.Object = [
            "id": .number(id), "previousEventId": .number(previous), "type": .string(words[3]),
            "timestamp": .number(Double(id) / 10),
        ]
        let rest = words.count > 4 ? words[4] : ""
        switch words[3] {
        case let type where type.hasSuffix("StateEntered"): event["stateEnteredEventDetails"] = ["name": .string(rest)]
        case let type where type.hasSuffix("StateExited"): event["stateExitedEventDetails"] = ["name": .string(rest)]
        case "MapStateStarted": event["mapStateStartedEventDetails"] = ["length": .number(Int(rest) ?? 0)]
        case "MapIterationStarted":
            event["mapIterationStartedEventDetails"] = ["name": "Map", "index": .number(Int(rest) ?? 0)]
        case "TaskFailed": event["taskFailedEventDetails"] = ["error": .string(rest)]
        default: break
        }
        tree.take(.object(event))
    }
    return tree
}

private func text(_ tree: ExecutionTree) -> [String] { TreeText(isColoured: false).lines(tree, nowMs: 10_000) }

@Suite("An execution's tree")
struct ExecutionTreeTests {
    @Test("shows states in their order, with what they took")
    func chain() throws {
        let tree = try history(
            "1 < 0 ExecutionStarted", "2 < 0 PassStateEntered A", "3 < 2 PassStateExited A",
            "4 < 3 WaitStateEntered B")
        #expect(text(tree) == ["├─ ✔  A  100 ms", "└─ ●  B  9.6 s"])
        #expect(tree.path == ["A", "B"])
    }

    @Test("counts attempts, and keeps the error that a Catch has taken")
    func retries() throws {
        let tree = try history(
            "1 < 0 ExecutionStarted", "2 < 0 TaskStateEntered A", "3 < 2 TaskScheduled", "4 < 3 TaskStarted",
            "5 < 4 TaskFailed Busy", "6 < 5 TaskScheduled", "7 < 6 TaskFailed Broken", "8 < 7 TaskStateExited A",
            "9 < 8 PassStateEntered B", "10 < 9 PassStateExited B", "11 < 10 ExecutionSucceeded")
        #expect(text(tree) == ["├─ ↷  A  600 ms  2 attempts  Broken", "└─ ✔  B  100 ms"])
    }

    @Test("forgets the error of an attempt when a later one succeeds")
    func success() throws {
        let tree = try history(
            "1 < 0 ExecutionStarted", "2 < 0 TaskStateEntered A", "3 < 2 TaskScheduled", "4 < 3 TaskFailed Busy",
            "5 < 4 TaskScheduled", "6 < 5 TaskSucceeded", "7 < 6 TaskStateExited A")
        #expect(text(tree) == ["└─ ✔  A  500 ms  2 attempts"])
    }

    @Test("puts branches under their state")
    func parallel() throws {
        let tree = try history(
            "1 < 0 ExecutionStarted", "2 < 0 ParallelStateEntered P", "3 < 2 ParallelStateStarted",
            "4 < 3 PassStateEntered A", "5 < 4 PassStateExited A", "6 < 3 PassStateEntered B",
            "7 < 5 PassStateEntered C", "8 < 7 PassStateExited C", "9 < 6 PassStateExited B",
            "10 < 9 ParallelStateSucceeded", "11 < 10 ParallelStateExited P")
        #expect(
            text(tree) == [
                "└─ ✔  P  900 ms", "   ├─ ✔  A  100 ms", "   ├─ ✔  B  300 ms", "   └─ ✔  C  100 ms",
            ])
    }

    @Test("shows the items of a Map as a bar, and what happened in those that failed")
    func map() throws {
        let tree = try history(
            "1 < 0 ExecutionStarted", "2 < 0 MapStateEntered M", "3 < 2 MapStateStarted 4",
            "4 < 3 MapIterationStarted 0", "5 < 4 PassStateEntered A", "6 < 3 MapIterationStarted 1",
            "7 < 6 FailStateEntered F", "8 < 5 PassStateExited A", "9 < 8 MapIterationSucceeded",
            "10 < 7 MapIterationFailed")
        #expect(
            text(tree) == [
                "└─ ●  M  ██████████░░░░░░░░░░ 2/4, 1 failed  9.8 s", "   └─ ✘  Map #1  400 ms",
                "      └─ ●  F  9.3 s",
            ])
    }

    @Test("ends what is open when the execution ends")
    func failure() throws {
        let tree = try history("1 < 0 ExecutionStarted", "2 < 0 FailStateEntered F", "3 < 2 ExecutionFailed")
        #expect(text(tree) == ["└─ ✘  F  100 ms"])
        let success = try history("1 < 0 ExecutionStarted", "2 < 0 SucceedStateEntered S", "3 < 2 ExecutionSucceeded")
        #expect(text(success) == ["└─ ✔  S  100 ms"])
    }

    @Test("takes an event once")
    func twice() throws {
        let tree = try history("1 < 0 ExecutionStarted", "2 < 0 PassStateEntered A", "2 < 0 PassStateEntered A")
        #expect(tree.path == ["A"])
    }

    @Test("is cut to the height of a terminal, the newest last")
    func limit() throws {
        var tree = try history("1 < 0 ExecutionStarted")
        for id in 0..<10 {
            tree.take([
                "id": .number(2 * id + 2), "previousEventId": .number(id == 0 ? 0 : 2 * id + 1),
                "type": "PassStateEntered", "timestamp": 0, "stateEnteredEventDetails": ["name": "S\(id)"],
            ])
            tree.take([
                "id": .number(2 * id + 3), "previousEventId": .number(2 * id + 2), "type": "PassStateExited",
                "timestamp": 0, "stateExitedEventDetails": ["name": "S\(id)"],
            ])
        }
        let lines = TreeText(isColoured: false).lines(tree, nowMs: 0, limit: 3)
        #expect(lines == ["… 8 more above", "├─ ✔  S8  0 ms", "└─ ✔  S9  0 ms"])
    }

    @Test(
        "measures time in words",
        arguments: [
            (0, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (59_990, "59.9 s"), (125_000, "2 min 5 s"),
            (3_720_000, "1 h 2 min"), (273_600_000, "3 d 4 h"), (-5, "0 ms"),
        ] as [(Int64, String)])
    func duration(_ milliseconds: Int64, text: String) { #expect(TreeText.duration(milliseconds) == text) }
}

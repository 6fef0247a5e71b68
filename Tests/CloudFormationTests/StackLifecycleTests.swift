import AWSWire
import Testing

@testable import CloudFormation

/// The course of operations on stacks: pure, event by event.
struct StackLifecycleTests {
    /// Runs a lifecycle to its end. Steps in `failing` fail; the transcript lists what started, in order, and the
    /// states of the stack.
    private func run(
        _ lifecycle: StackLifecycle, changes: [String: StackLifecycle.Change] = [:], failing: Set<String> = [],
        publishes: Bool = true
    ) -> [String] {
        var lifecycle = lifecycle
        return drive(&lifecycle, lifecycle.handle(.started), changes: changes, failing: failing, publishes: publishes)
    }

    private func drive(
        _ lifecycle: inout StackLifecycle, _ first: [StackLifecycle.Effect],
        changes: [String: StackLifecycle.Change] = [:], failing: Set<String> = [], publishes: Bool = true
    ) -> [String] {
        var transcript: [String] = []
        var queue = first
        while !queue.isEmpty {
            let effect = queue.removeFirst()
            switch effect {
            case .run(let task):
                let step = "\(task.action.rawValue) \(task.logicalId)"
                transcript.append(step)
                let change = changes[task.logicalId] ?? (lifecycle.kind == .create ? .created : .unchanged)
                queue += lifecycle.handle(
                    failing.contains(step) ? .failed(task.logicalId) : .succeeded(task.logicalId, change))
            case .stack(let status, let reason):
                transcript.append(status.rawValue + (reason.map { ": \($0)" } ?? ""))
            case .publish: queue += lifecycle.handle(publishes ? .published : .publishFailed("Taken. "))
            case .revert: transcript.append("revert")
            case .over: transcript.append("over")
            }
        }
        return transcript
    }

    private func graph(_ needs: [String: Set<String>]) throws -> DependencyGraph {
        try DependencyGraph(nodes: needs.keys.sorted(), needs: needs)
    }

    private func chain() throws -> DependencyGraph { try graph(["A": [], "B": ["A"], "C": ["B"]]) }
    private let chainNeeds = ["A": [], "B": ["A"], "C": ["B"]]

    @Test func createsInOrder() throws {
        #expect(
            run(.create(try chain(), onFailure: .rollback))
                == ["apply A", "apply B", "apply C", "CREATE_COMPLETE", "over"])
    }

    @Test func startsTogetherWhatDoesNotDependOnEachOther() throws {
        var lifecycle = StackLifecycle.create(
            try graph(["A": [], "B": [], "C": ["A", "B"]]), onFailure: .rollback)
        let started = lifecycle.handle(.started)
        #expect(started.count == 2)
        #expect(lifecycle.handle(.succeeded("A", .created)).isEmpty)
        #expect(lifecycle.handle(.succeeded("B", .created)).count == 1)
    }

    @Test func rollsBackInReverseOrder() throws {
        #expect(
            run(.create(try chain(), onFailure: .rollback), failing: ["apply C"]) == [
                "apply A", "apply B", "apply C",
                "ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [C]. Rollback requested by user.",
                "remove C", "remove B", "remove A", "ROLLBACK_COMPLETE", "over",
            ])
    }

    @Test func failureKeepsWhatIsThereWhenRollbackIsDisabled() throws {
        #expect(
            run(.create(try chain(), onFailure: .nothing), failing: ["apply B"]) == [
                "apply A", "apply B", "CREATE_FAILED: The following resource(s) failed to create: [B]. ", "over",
            ])
    }

    @Test func failureDeletesTheStackWhenAsked() throws {
        #expect(
            run(.create(try chain(), onFailure: .delete), failing: ["apply B"]) == [
                "apply A", "apply B",
                "DELETE_IN_PROGRESS: The following resource(s) failed to create: [B]. Delete requested by user.",
                "remove B", "remove A", "DELETE_COMPLETE", "over",
            ])
    }

    @Test func rollbackThatFailsSaysWhy() throws {
        #expect(
            run(.create(try chain(), onFailure: .rollback), failing: ["apply C", "remove B"]).suffix(4) == [
                "remove C", "remove B", "ROLLBACK_FAILED: The following resource(s) failed to delete: [B]. ", "over",
            ])
    }

    /// Running steps end before anything is taken back.
    @Test func waitsForRunningSteps() throws {
        var lifecycle = StackLifecycle.create(try graph(["A": [], "B": []]), onFailure: .rollback)
        _ = lifecycle.handle(.started)
        #expect(lifecycle.handle(.failed("A")).isEmpty)
        #expect(lifecycle.handle(.succeeded("B", .created)).count == 3)
        #expect(lifecycle.status == .rollbackInProgress)
    }

    @Test func outputsThatCannotBeStoredRollBack() throws {
        let transcript = run(.create(try graph(["A": []]), onFailure: .rollback), publishes: false)
        #expect(transcript[1] == "ROLLBACK_IN_PROGRESS: Taken. Rollback requested by user.")
        #expect(transcript.last == "over")
    }

    @Test func deletesInReverseOrder() {
        #expect(
            run(.delete(needs: chainNeeds)) == ["remove C", "remove B", "remove A", "DELETE_COMPLETE", "over"])
        #expect(run(.delete(needs: [:])) == ["DELETE_COMPLETE", "over"])
    }

    @Test func deletionStopsBeforeWhatIsStillNeeded() {
        #expect(
            run(.delete(needs: chainNeeds), failing: ["remove B"]) == [
                "remove C", "remove B", "DELETE_FAILED: The following resource(s) failed to delete: [B]. ", "over",
            ])
    }

    @Test func updateCleansUpAfterwards() throws {
        let lifecycle = StackLifecycle.update(
            try graph(["A": [], "B": ["A"], "N": []]), oldNeeds: ["A": [], "B": ["A"], "Old": ["A", "B"]],
            onFailure: .rollback)
        #expect(
            run(lifecycle, changes: ["A": .replaced, "B": .updated, "N": .created]) == [
                "apply A", "apply N", "apply B", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "remove Old", "discard A",
                "UPDATE_COMPLETE", "over",
            ])
    }

    @Test func cleanupToleratesFailures() throws {
        let lifecycle = StackLifecycle.update(
            try graph(["A": []]), oldNeeds: ["A": [], "X": [], "Y": ["X"]], onFailure: .rollback)
        #expect(
            run(lifecycle, failing: ["remove Y"])
                == [
                    "apply A", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "remove Y", "remove X", "UPDATE_COMPLETE", "over",
                ])
    }

    @Test func failedUpdateGoesBack() throws {
        let lifecycle = StackLifecycle.update(
            try graph(["A": [], "B": ["A"], "N": ["A"], "Z": ["B", "N"]]), oldNeeds: ["A": [], "B": ["A"], "Z": ["B"]],
            onFailure: .rollback)
        #expect(
            run(lifecycle, changes: ["A": .replaced, "B": .updated, "N": .created], failing: ["apply Z"]) == [
                "apply A", "apply B", "apply N", "apply Z",
                "UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to update: [Z]. ", "revert", "restore A",
                "restore B", "restore Z", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "remove N", "discard A",
                "UPDATE_ROLLBACK_COMPLETE", "over",
            ])
    }

    @Test func rollbackOfAnUpdateCanBeContinued() throws {
        var lifecycle = StackLifecycle.update(
            try graph(["A": [], "B": ["A"]]), oldNeeds: ["A": [], "B": ["A"]], onFailure: .rollback)
        let first = drive(
            &lifecycle, lifecycle.handle(.started), changes: ["A": .updated], failing: ["apply B", "restore A"])
        #expect(
            first.suffix(2) == ["UPDATE_ROLLBACK_FAILED: The following resource(s) failed to update: [A]. ", "over"])
        let second = drive(&lifecycle, lifecycle.continueRollback(skipping: ["A"]))
        #expect(
            second == [
                "UPDATE_ROLLBACK_IN_PROGRESS: User Initiated", "restore B",
                "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "over",
            ])
    }

    @Test func cancelledCreateIsDeletedWhenAsked() throws {
        var lifecycle = StackLifecycle.create(try chain(), onFailure: .rollback)
        _ = lifecycle.handle(.started)
        #expect(lifecycle.handle(.cancelled(reason: "User Initiated", isDelete: true)).isEmpty)
        let effects = lifecycle.handle(.succeeded("A", .created))
        #expect(
            drive(&lifecycle, effects) == ["DELETE_IN_PROGRESS: User Initiated", "remove A", "DELETE_COMPLETE", "over"])
    }

    /// An event that comes twice, after a restart, changes nothing.
    @Test func repeatedEventsAreIgnored() throws {
        var lifecycle = StackLifecycle.create(try chain(), onFailure: .rollback)
        _ = lifecycle.handle(.started)
        #expect(lifecycle.handle(.succeeded("A", .created)).count == 1)
        #expect(lifecycle.handle(.succeeded("A", .created)).isEmpty)
        #expect(lifecycle.handle(.failed("C")).isEmpty)
    }
}

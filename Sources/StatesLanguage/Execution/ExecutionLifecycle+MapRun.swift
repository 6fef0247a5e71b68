import JSON
import JSONata

/// Distributed Map states: their items run in executions of their own, kept together by a map run.
extension ExecutionLifecycle {
    mutating func distribute(
        _ state: State, _ fields: MapFields, _ thread: inout ExecutionThread, _ input: JSON, _ scope: Scope,
        _ concurrency: Int
    ) throws(StatesError) -> Turn {
        var items: JSON?
        if fields.itemReader == nil {
            let found = try fields.items?.evaluate(scope) ?? input
            guard found.array != nil || found.object != nil else {
                throw StatesError("States.Runtime", "Reference path \"$\" must point to array.")
            }
            items = found
        }
        let length = items?.array?.count ?? items?.object?.count ?? 0
        append(.mapStateStarted, &thread, .members(["length": .number(length)]))
        let count = Int(try fields.toleratedFailureCount?.evaluate(scope) ?? 0)
        let percentage = try fields.toleratedFailurePercentage?.evaluate(scope) ?? 0
        let label = fields.label ?? Self.identifier(moment.environment.uuid())
        let machine = facts.machineArn.split(separator: ":stateMachine:", maxSplits: 1)
        // A map run inside of a child execution bears the name of the machine alone.
        let name = machine.last.map { $0.prefix { $0 != "/" } } ?? ""
        let arn =
            "\(machine.first ?? "arn:aws:states"):mapRun:\(name)/\(label):"
            + "\(Self.identifier(moment.environment.uuid()))"
        append(.mapRunStarted, &thread, .members(["mapRunArn": .string(arn)]))
        let epoch = thread.previousId
        thread.waiting = .mapRun(arn: arn, epoch: epoch)
        keep(thread)
        step.effects.append(
            .startMapRun(
                thread: thread.id,
                MapRunStart(
                    arn: arn, epoch: epoch, state: state.name, label: label, isExpress: fields.isExpress,
                    items: items, input: input, context: scope.context, variables: scope.variables,
                    maxConcurrency: concurrency, toleratedFailureCount: count,
                    toleratedFailurePercentage: percentage)))
        return .waits
    }

    private static func identifier(_ uuid: String) -> String { uuid }

    mutating func mapRunEnded(_ id: Int, _ epoch: Int, _ outcome: MapRunOutcome) -> Bool {
        guard var thread = threads[id], !thread.isHalted, case .mapRun(_, epoch) = thread.waiting,
            let state = thread.graph.states[thread.state]
        else { return false }
        thread.waiting = .running
        switch outcome {
        case .succeeded(let output):
            // What follows counts from MapRunStarted, as on AWS since the end of 2024.
            let succeeded = append(.mapRunSucceeded, previous: thread.previousId)
            append(.mapStateSucceeded, previous: succeeded)
            do throws(StatesError) {
                if try leave(state, &thread, result: output, next: state.next) == .goesOn { goOn(thread) }
            } catch {
                if evaluationFailed(error, state, &thread) == .goesOn { goOn(thread) }
            }
        case .failed(let error):
            var details: JSON.Object = ["error": .string(error.error)]
            if let cause = error.cause { details["cause"] = .string(cause) }
            append(.mapRunFailed, &thread, .members(details))
            // The map run can be redriven only while the state still waits for it.
            let waiting = ExecutionThread.Waiting.mapRun(arn: mapRunArn(of: thread, epoch), epoch: epoch)
            let turn = fail(&thread, Failure(error))
            if turn == .goesOn { goOn(thread) } else if turn == .ended { remember(waiting, of: id) }
        }
        return true
    }

    private func mapRunArn(of thread: ExecutionThread, _ epoch: Int) -> String {
        guard case .mapRun(let arn, epoch) = threads[thread.id]?.waiting else { return "" }
        return arn
    }

    /// Keeps the failed map run with the thread for a redrive.
    private mutating func remember(_ waiting: ExecutionThread.Waiting, of id: Int) {
        guard var thread = threads[id], thread.isHalted else { return }
        thread.waiting = waiting
        threads[id] = thread
    }
}

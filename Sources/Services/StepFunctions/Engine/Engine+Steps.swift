import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// Steps: from a letter to a commit to its effects.
extension Engine {
    func load(_ id: Int64) async throws -> Live? {
        guard let host else { return nil }
        let moment = moment(id, host)
        guard let (live, recorded) = try host.store.read({ db in try Live.load(id, machines, moment, db) }) else {
            return nil
        }
        live.lifecycle.handle(.proceed, moment)
        try await settle(live, recorded, recovers: true)
        return live
    }

    func handle(_ letters: [Letter], _ live: Live) async throws {
        guard let host else { return }
        let moment = moment(live.record.id, host)
        var replies: [(@Sendable (Result<Bool, any Error>) -> Void, Bool)] = []
        for letter in letters {
            if let (thread, epoch) = letter.flight, live.flights[thread] == epoch { live.flights[thread] = nil }
            let isMeant = letter.event.map { live.lifecycle.handle($0, moment) } ?? true
            if let reply = letter.reply { replies.append((reply, isMeant)) }
        }
        do {
            if letters.contains(where: { $0.event == nil }), !live.isExpress {
                // Somebody else may have recorded something for a thread.
                let id = live.record.id
                try await settle(live, try host.store.read { db in try Live.recorded(id, db) })
            }
            let recorded = try await commit(live)
            for (reply, isMeant) in replies { reply(.success(isMeant)) }
            replies = []
            try await settle(live, recorded)
        } catch {
            for (reply, _) in replies { reply(.failure(error)) }
            throw error
        }
    }

    /// Tells the lifecycle what has been recorded, and commits what follows from it, until nothing does.
    func settle(_ live: Live, _ first: Recorded, recovers: Bool = false) async throws {
        guard let host else { return }
        var recorded = first
        if recovers {
            let known = Set(recorded.answers.map(\.thread))
            for case .task(let thread) in live.lifecycle.recover() where !known.contains(thread) {
                recorded.again.append(thread)
            }
        }
        while true {
            let moment = moment(live.record.id, host)
            for thread in recorded.again { attempt(thread, live, host) }
            for (thread, outcome) in recorded.answers {
                guard let (_, attempt) = live.call(thread) else { continue }
                live.lifecycle.handle(.answer(thread: thread, epoch: attempt.epoch, outcome), moment)
            }
            for thread in recorded.wakes {
                guard let (call, attempt) = live.call(thread), case .execution(let arn) = attempt.follow else {
                    continue
                }
                // An attempt that has timed out may have left its wait for another child behind.
                guard let child = try host.store.read({ db in try ExecutionRecord.find(arn: arn, db) }),
                    !child.isRunning
                else { continue }
                let outcome = TaskOutcome(tasks.childEnded(call, child.description(nowMs: moment.nowMs)))
                live.lifecycle.handle(.answer(thread: thread, epoch: attempt.epoch, outcome), moment)
            }
            if recorded.hasMore { live.lifecycle.handle(.proceed, moment) }
            recorded = try await commit(live)
            if recorded.isEmpty { return }
        }
    }

    /// Commits the step that the lifecycle has made, then does what it asks for.
    /// - Returns: what is known at once of the attempts that it began.
    func commit(_ live: Live) async throws -> Recorded {
        guard let host else { return Recorded() }
        let step = live.lifecycle.takeStep()
        guard !step.isEmpty else { return Recorded() }
        var plan = StepPlan(step, live, self, host)
        let result: StepWrite.Result
        if live.isExpress {
            if let end = step.end { live.record.close(end, host.clock.nowMs) }
            result = express(plan.write.timers, live, host)
            if let log = live.log {
                let redriveCount = live.record.redriveCount
                try await host.store.write { tx in try log.append(step.history, redriveCount: redriveCount, tx) }
            }
        } else {
            let write = plan.write
            let record = live.closes(step, host.clock.nowMs) ? live.record : nil
            result = try await host.store.write { tx in
                let result = try write.commit(tx)
                if let record {
                    try record.update(tx)
                    try ExecutionEvents.changed(record, tx, host)
                }
                return result
            }
        }
        return after(&plan, step, live, result, host)
    }

    /// Timers of an execution that is in no store.
    private func express(_ timers: [StepWrite.Timer], _ live: Live, _ host: Host) -> StepWrite.Result {
        let id = live.record.id
        for timer in timers {
            live.timers.removeValue(forKey: timer.thread)?.cancel()
            guard let atMs = timer.atMs else { continue }
            live.timers[timer.thread] = host.clock.schedule(atMs: atMs, pullsTime: true) { [weak self] in
                self?.post(id, Letter(event: .timer(thread: timer.thread, epoch: timer.epoch)))
            }
        }
        return StepWrite.Result()
    }

    /// What comes after the commit.
    func after(
        _ plan: inout StepPlan, _ step: Step, _ live: Live, _ result: StepWrite.Result, _ host: Host
    ) -> Recorded {
        var recorded = Recorded(answers: result.answers + plan.answered, wakes: result.wakes)
        recorded.hasMore = step.hasMore
        for (thread, call) in plan.calls { fly(thread, call, live, host) }
        for (thread, attempt) in plan.polls { poll(thread, attempt, live, host) }
        for parent in result.parents { post(parent, Letter()) }
        for run in result.mapRuns { mapRuns.wake(run, self) }
        for activity in plan.write.activities { activityWaiters.wake(activity.arn) }
        if let end = step.end {
            live.limit?.cancel()
            if let run = live.record.mapRun { mapRuns.childEnded(run, live.record, end, self) }
            ended(live.record.id, end)
            let machine = live.record.machineArn
            if machines.deletions.isWaiting(machine) {
                begin()
                Task { [self] in
                    try? await machines.deletions.proceed(machine, host.store)
                    done()
                }
            }
        }
        return recorded
    }

    // MARK: Attempts

    /// Makes an attempt again whose outcome was not recorded.
    private func attempt(_ thread: Int, _ live: Live, _ host: Host) {
        guard let (call, attempt) = live.call(thread), live.flights[thread] == nil else { return }
        let context = host.context(account: live.record.account, region: live.record.region)
        let work = tasks.work(call, context)
        fly(thread, Flight(epoch: attempt.epoch) { await work.made(context) }, live, host)
    }

    /// Runs a call beside the mailbox; its answer comes as a letter.
    private func fly(_ thread: Int, _ flight: Flight, _ live: Live, _ host: Host) {
        live.flights[thread] = flight.epoch
        let id = live.record.id
        begin()
        Task { [self] in
            await attempts.enter()
            let outcome = TaskOutcome(await flight.call())
            attempts.leave()
            post(
                id,
                Letter(
                    event: .answer(thread: thread, epoch: flight.epoch, outcome), flight: (thread, flight.epoch)))
            done()
        }
    }

    private func poll(_ thread: Int, _ attempt: TaskAttempt, _ live: Live, _ host: Host) {
        guard case .poll(let place, _) = attempt.follow, let (call, _) = live.call(thread) else { return }
        let context = host.context(account: live.record.account, region: live.record.region)
        let tasks = tasks
        fly(thread, Flight(epoch: attempt.epoch) { await tasks.poll(call, place, context) }, live, host)
    }
}

/// A call that is made beside the mailbox.
struct Flight: Sendable {
    let epoch: Int
    let call: @Sendable () async -> TaskAnswer
}

extension TaskWork {
    /// Makes the attempt outside of a step's transaction.
    func made(_ context: Context) async -> TaskAnswer {
        switch self {
        case .answered(let answer): return answer
        case .call(let call): return await call()
        case .write(let write, let answer):
            do throws(AWSError) {
                let done = try await context.write { tx in try write(tx) }
                return answer(.success(try done.output()))
            } catch {
                return answer(.failure(error))
            }
        }
    }
}

extension TaskOutcome {
    init(_ answer: TaskAnswer) {
        switch answer {
        case .succeeded(let output): self = .succeeded(output)
        case .failed(let error): self = .failed(error)
        case .submitFailed(let error): self = .submitFailed(error)
        case .submitted(let output, let follow): self = .submitted(output, TaskFollow(follow))
        case .waiting(let follow): self = .waiting(TaskFollow(follow))
        case .aborted(let error): self = .aborted(error)
        }
    }
}

extension TaskFollow {
    init(_ follow: Follow) {
        switch follow {
        case .token: self = .token
        case .poll(let place, let atMs): self = .poll(place, atMs: atMs)
        case .execution(let arn): self = .execution(arn: arn)
        }
    }
}

extension Follow {
    init(_ follow: TaskFollow) {
        switch follow {
        case .token: self = .token
        case .poll(let place, let atMs): self = .poll(place, atMs: atMs)
        case .execution(let arn): self = .execution(arn: arn)
        }
    }
}

import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// What a step means for the store and for what comes after the commit: made outside of the transaction.
struct StepPlan {
    var write: StepWrite
    /// Attempts to make beside the mailbox.
    var calls: [(thread: Int, flight: Flight)] = []
    /// Attempts whose outcome is known without doing anything.
    var answered: [(thread: Int, outcome: TaskOutcome)] = []
    var polls: [(thread: Int, attempt: TaskAttempt)] = []
    private let live: Live

    init(_ step: Step, _ live: Live, _ engine: Engine, _ host: Host) {
        self.live = live
        let record = live.record
        write = StepWrite(execution: record.id, account: record.account, region: record.region, arn: record.arn)
        write.mapRun = record.mapRun
        write.item = record.item
        write.isFirst = step.history.first?.id == 1
        write.name = record.name
        write.end = step.end
        if let first = step.history.first, let last = step.history.last {
            write.firstEvent = first.id
            write.eventCount = step.history.count
            write.lastEvent = last.id
            if !live.isExpress { write.events = HistoryEvent.bytes(of: step.history) }
        } else {
            write.lastEvent = live.lifecycle.lastEventId
        }
        if !live.isExpress {
            storeThreads(step)
            if let log = live.log {
                write.log = log
                write.logged = step.history
                write.redriveCount = live.lifecycle.redriveCount
            }
        }
        let context = host.context(account: record.account, region: record.region)
        for effect in step.effects { add(effect, engine, context) }
    }

    private mutating func storeThreads(_ step: Step) {
        for id in step.changed.sorted() {
            guard let thread = live.lifecycle.threads[id] else { continue }
            write.threads.append(StepWrite.Thread(id: id, work: thread.work, text: thread.stored.text()))
            if case .task(let attempt) = thread.waiting, case .execution(let arn) = attempt.follow, !thread.isHalted {
                write.children.append((id, attempt.epoch, arn))
            }
            if case .task(let attempt) = thread.waiting, attempt.isTaken { write.revoked.append(attempt.token) }
        }
        write.removed = step.removed.sorted()
        write.settled = step.settled.sorted()
        guard !step.outputs.isEmpty else { return }
        var texts: [Int: [UInt8]] = [:]
        for (thread, index, output) in step.outputs {
            var text = texts.removeValue(forKey: thread) ?? []
            text.append(UInt8(ascii: text.isEmpty ? "[" : ","))
            text.append(contentsOf: "[\(index),".utf8)
            text.append(contentsOf: output.text.utf8)
            text.append(UInt8(ascii: "]"))
            texts[thread] = text
        }
        write.outputs = texts.sorted { $0.key < $1.key }.map { thread, text in
            (thread, String(decoding: text, as: UTF8.self) + "]")
        }
    }

    private mutating func add(_ effect: Effect, _ engine: Engine, _ context: Context) {
        switch effect {
        case .task(let thread): addTask(thread, engine, context)
        case .poll(let thread, let attempt): polls.append((thread, attempt))
        case .cancel(_, let state, let attempt):
            if case .activity = attempt.resource.kind { write.revoked.append(attempt.token) }
            guard let follow = attempt.follow, follow != .token else { return }
            let call = live.call(state, attempt, retryCount: 0)
            write.cancellations.append(CancelledAttempt.payload(call, Follow(follow)))
        case .timer(let thread, let epoch, let atMs):
            write.timers.append(StepWrite.Timer(thread: thread, epoch: epoch, atMs: atMs))
        case .cancelTimer(let thread):
            write.timers.append(StepWrite.Timer(thread: thread, epoch: 0, atMs: nil))
        case .startMapRun(let thread, let start):
            write.mapRuns.append(MapRunDraft(start, thread: thread, live.record, live.revision))
        case .stopMapRun(let arn): write.mapRunOrders.append(.stop(arn: arn))
        case .redriveMapRun(let arn): write.mapRunOrders.append(.redrive(arn: arn))
        }
    }

    private mutating func addTask(_ thread: Int, _ engine: Engine, _ context: Context) {
        // A step may have begun an attempt and ended it: then there is nothing left to do.
        guard let (call, attempt) = live.call(thread) else { return }
        if case .activity(let arn) = attempt.resource.kind {
            write.activities.append(
                StepWrite.ActivityTask(
                    arn: arn, thread: thread, epoch: attempt.epoch, token: attempt.token,
                    input: attempt.parameters.text))
            return
        }
        switch engine.tasks.work(call, context) {
        case .answered(let answer): answered.append((thread, TaskOutcome(answer)))
        case .call(let body): calls.append((thread, Flight(epoch: attempt.epoch, call: body)))
        case .write(let body, let answer):
            if live.isExpress {
                let work = TaskWork.write(body, answer: answer)
                calls.append((thread, Flight(epoch: attempt.epoch) { await work.made(context) }))
            } else {
                write.attempts.append(StepWrite.Attempt(thread: thread, write: body, answer: answer))
            }
        }
    }
}

/// An attempt whose job is to be ended, as the outbox keeps it.
enum CancelledAttempt {
    static func payload(_ call: TaskCall, _ follow: Follow) -> String {
        let tree: JSON = [
            "resource": .string(call.resource.text), "parameters": call.parameters, "token": .string(call.token),
            "execution": .string(call.executionArn), "machine": .string(call.stateMachineArn),
            "state": .string(call.stateName), "credentials": call.credentials ?? .null,
            "account": .string(call.account), "region": .string(call.region), "follow": TaskFollow(follow).tree,
        ]
        return tree.text()
    }

    static func parse(_ payload: String) -> (TaskCall, Follow)? {
        guard let tree = try? JSON.parse(payload),
            let resource = (tree["resource"]?.string).flatMap({ try? TaskResource($0) }),
            let follow = tree["follow"].flatMap(TaskFollow.init(tree:))
        else { return nil }
        func text(_ name: String) -> String { tree[name]?.string ?? "" }
        let credentials = tree["credentials"].flatMap { $0.isNull ? nil : $0 }
        let call = TaskCall(
            resource: resource, parameters: tree["parameters"] ?? .null, token: text("token"),
            executionArn: text("execution"), stateMachineArn: text("machine"), stateName: text("state"),
            credentials: credentials, account: text("account"), region: text("region"))
        return (call, Follow(follow))
    }
}

import JSON
import JSONata
import StatesLanguage

/// An execution without a store and without services: timers fire at once, in the order of their times.
struct PureRun {
    var lifecycle: ExecutionLifecycle
    var history: [HistoryEvent] = []
    var end: ExecutionEnd?
    /// What a run cannot do here.
    var foreign: Effect?
    private var timers: [Int: (epoch: Int, atMs: Int64)] = [:]
    private var nowMs: Int64 = 1_767_225_600_000

    static let arn = "arn:aws:states:us-east-1:000000000000:execution:machine:run"

    init(_ definition: Definition, input: String) throws {
        let facts = ExecutionFacts(
            arn: Self.arn, name: "run", machineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
            machineName: "machine", roleArn: "arn:aws:iam::000000000000:role/role", region: "us-east-1",
            startMs: nowMs, input: Payload(try JSON.parse(input), text: input), graph: definition.graph,
            timeoutSeconds: definition.timeoutSeconds, isExpress: false)
        lifecycle = ExecutionLifecycle(facts, Self.moment(nowMs))
    }

    static func moment(_ nowMs: Int64) -> Moment {
        Moment(nowMs: nowMs, environment: Environment(nowMs: nowMs, random: { 0.5 }, uuid: { "uuid" })) {
            "token-\($0)-\($1)"
        }
    }

    mutating func send(_ event: ExecutionEvent) {
        lifecycle.handle(event, Self.moment(nowMs))
        take()
    }

    /// Until nothing is left to do, or something that needs a service.
    mutating func run() {
        send(.start)
        while foreign == nil, let (thread, next) = timers.min(by: { $0.value.atMs < $1.value.atMs }) {
            timers[thread] = nil
            nowMs = max(nowMs, next.atMs)
            send(.timer(thread: thread, epoch: next.epoch))
        }
    }

    private mutating func take() {
        while true {
            let step = lifecycle.takeStep()
            history += step.history
            end = step.end ?? end
            for effect in step.effects { perform(effect) }
            guard step.hasMore else { return }
            lifecycle.handle(.proceed, Self.moment(nowMs))
        }
    }

    private mutating func perform(_ effect: Effect) {
        switch effect {
        case .timer(let thread, let epoch, let atMs): timers[thread] = (epoch, atMs)
        case .cancelTimer(let thread): timers[thread] = nil
        default: foreign = foreign ?? effect
        }
    }
}

import AWSClient
import JSON
import LambdaRuntime

/// How a call went: its answer, or the AWS error code with its message.
typealias CallOutcome = Result<Answer, InvocationError>

/// The way of one event from its arrival to its settled run, as a value: `next` takes the outcome of the last call and
/// returns the next one. Nothing here waits, and nothing but `next` changes it.
///
/// read the row → claim the run → call the target, or the dead-letter queue → settle the run
struct DispatchLifecycle {
    enum Step: Equatable {
        case call(Call)
        case done(RunResult)
        /// Worth another attempt of the platform.
        case failed(InvocationError)
    }

    private enum Phase {
        case begin, readingRow(Trigger), claiming, counting, readingRun, acting
        case settling(Step)
        case ended
    }

    private let settings: Settings
    private let message: String
    private let nowMs: Int64
    private let runs: RunTable?
    private var run: Run
    private var phase = Phase.begin
    private var plan = Plan.reject(Rejection(""))
    private var jobId: String?
    private var attempts = 1

    /// - Parameter runId: id of the SNS message.
    init(message: String, runId: String, nowMs: Int64, settings: Settings) {
        self.settings = settings
        self.message = message
        self.nowMs = nowMs
        runs = settings.runTable.map(RunTable.init)
        run = Run(runId: runId, jobId: "", nowMs: nowMs)
    }

    /// - Parameter outcome: nil for the first step.
    mutating func next(_ outcome: CallOutcome?) -> Step {
        switch (phase, outcome) {
        case (.begin, _): return begin()
        case (.readingRow(let trigger), .success(let answer)): return decide(answer, trigger)
        case (.claiming, .success): return act()
        case (.claiming, .failure(let error)) where error.errorType == Self.conditionFailed:
            return call(runs?.countAttempt(run.runId), .counting)
        case (.counting, .success(let answer)):
            attempts = DynamoItem.plain(item: answer.output["Attributes"] ?? [:])["attempts"]?.int ?? attempts
            return act()
        case (.counting, .failure(let error)) where error.errorType == Self.conditionFailed:
            return call(runs?.read(run.runId), .readingRun)
        case (.readingRun, .success(let answer)): return alreadySettled(answer)
        case (.acting, .success(let answer)): return acted(answer)
        case (.acting, .failure(let error)): return actFailed(error)
        case (.settling(let step), .success): return end(step)
        // Another attempt at the same event has settled the run meanwhile.
        case (.settling(let step), .failure(let error)) where error.errorType == Self.conditionFailed:
            return end(step)
        case (_, .failure(let error)): return end(.failed(error))
        case (.ended, _), (_, .none): return .failed(InvocationError("Misuse", "The lifecycle has ended"))
        }
    }

    private static let conditionFailed = "ConditionalCheckFailedException"

    private mutating func call(_ call: Call?, _ phase: Phase) -> Step {
        guard let call else { return end(.failed(InvocationError("Misuse", "Run tracking is off"))) }
        self.phase = phase
        return .call(call)
    }

    private mutating func end(_ step: Step) -> Step {
        phase = .ended
        return step
    }

    private mutating func begin() -> Step {
        do throws(Rejection) {
            let trigger = try Trigger.parse(message, settings: settings)
            jobId = trigger.jobId
            run.jobId = trigger.jobId
            let key: JSON = .object(JSON.Object([(settings.primaryKey, trigger.key)]))
            return call(
                .aws("dynamodb", "GetItem", ["TableName": .string(settings.tableName), "Key": key]),
                .readingRow(trigger))
        } catch {
            plan = .reject(error)
            return claim(jobType: nil)
        }
    }

    private mutating func decide(_ answer: Answer, _ trigger: Trigger) -> Step {
        let decided = Plan.of(
            item: answer.output["Item"], trigger: trigger, run: run, tableName: settings.tableName)
        plan = decided.plan
        return claim(jobType: decided.jobType)
    }

    private mutating func claim(jobType: String?) -> Step {
        guard let runs else { return act() }
        return call(runs.claim(run.runId, jobId: jobId, jobType: jobType, nowMs: nowMs), .claiming)
    }

    private mutating func act() -> Step {
        switch plan {
        case .start(let start): return call(start.call, .acting)
        case .reject(let rejection):
            guard let queueUrl = settings.deadLetterQueueUrl else { return acted(Answer()) }
            return call(
                DeadLetter.message(message, error: rejection.message, runId: run.runId, queueUrl: queueUrl), .acting)
        }
    }

    private mutating func acted(_ answer: Answer) -> Step {
        var result = RunResult(runId: run.runId, jobId: jobId, status: .rejected)
        switch plan {
        case .reject(let rejection): result.error = rejection.message
        case .start(let start):
            do throws(InvocationError) {
                result.targetId = try start.type.targetId(of: answer, start.config, run)
                result.status = .dispatched
            } catch { return actFailed(error) }
        }
        return settle(result, then: .done(result))
    }

    private mutating func actFailed(_ error: InvocationError) -> Step {
        // The engine has the execution of a former attempt whose answer was lost: started once, as it should be.
        if error.errorType == "ExecutionAlreadyExists", case .start(let start) = plan,
            case .aws("stepfunctions", _, let input) = start.call, let arn = JobType.executionArn(ofCall: input)
        {
            return acted(Answer(output: ["executionArn": .string(arn)]))
        }
        guard runs != nil, attempts >= settings.maxAttempts else { return end(.failed(error)) }
        let result = RunResult(runId: run.runId, jobId: jobId, status: .failed, error: "\(error)")
        return settle(result, then: .failed(error))
    }

    private mutating func settle(_ result: RunResult, then step: Step) -> Step {
        guard let runs else { return end(step) }
        var awaiting: String?
        if case .start(let start) = plan { awaiting = start.awaiting }
        return call(runs.settle(result, awaiting: awaiting, nowMs: nowMs), .settling(step))
    }

    private mutating func alreadySettled(_ answer: Answer) -> Step {
        let item = DynamoItem.plain(item: answer.output["Item"] ?? [:])
        guard let status = item["status"]?.string.flatMap(RunStatus.init) else {
            return end(.failed(InvocationError("RunLost", "The run \(run.runId) is not in the run table")))
        }
        return end(
            .done(
                RunResult(
                    runId: run.runId, jobId: item["jobId"]?.string ?? jobId, status: status,
                    targetId: item["targetId"]?.string, error: item["error"]?.string)))
    }
}

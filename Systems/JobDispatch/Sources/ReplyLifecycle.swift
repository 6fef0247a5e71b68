import AWSClient
import JSON
import LambdaRuntime

/// The way of one reply, as a value like `DispatchLifecycle`:
///
/// find the oldest waiting run → finish it → publish its completion → release it
///
/// The run stays findable until the completion is published, marked with the reply's own id: a repeated delivery goes
/// on where the first broke off, instead of finishing the next run in line.
struct ReplyLifecycle {
    enum Step: Equatable {
        case call(Call)
        case done
        case failed(InvocationError)
    }

    private struct Match: Equatable {
        var runId: String
        var jobId: String?
        var jobType: String?
    }

    private enum Phase {
        case begin, searching(Reply), finishing(Reply, Match, rest: [Match], page: JSON?)
        case publishing(Match?), ending, ended
    }

    private let body: String
    private let replyId: String
    private let queueArn: String
    private let nowMs: Int64
    private let settings: Settings
    private let runs: RunTable?
    private var phase = Phase.begin

    /// - Parameter replyId: id of the SQS message.
    init(body: String, replyId: String, queueArn: String, nowMs: Int64, settings: Settings) {
        self.body = body
        self.replyId = replyId
        self.queueArn = queueArn
        self.nowMs = nowMs
        self.settings = settings
        runs = settings.runTable.map(RunTable.init)
    }

    /// - Parameter outcome: nil for the first step.
    mutating func next(_ outcome: CallOutcome?) -> Step {
        switch (phase, outcome) {
        case (.begin, _): return begin()
        case (.searching(let reply), .success(let answer)): return found(answer.output, reply)
        case (.finishing(let reply, let match, _, _), .success): return publish(reply, match)
        case (.finishing(let reply, _, let rest, let page), .failure(let error))
        where error.errorType == "ConditionalCheckFailedException":
            return finish(reply, rest, page)
        case (.publishing(let match), .success): return release(match)
        case (.ending, .success): return end(.done)
        case (_, .failure(let error)): return end(.failed(error))
        case (.ended, _), (_, .none): return .failed(InvocationError("Misuse", "The lifecycle has ended"))
        }
    }

    private mutating func end(_ step: Step) -> Step {
        phase = .ended
        return step
    }

    private mutating func begin() -> Step {
        do throws(Rejection) {
            let reply = try Reply(body: body, queueArn: queueArn)
            return search(reply, after: nil)
        } catch {
            guard let queueUrl = settings.deadLetterQueueUrl else { return end(.done) }
            phase = .ending
            return .call(DeadLetter.message(body, error: error.message, runId: nil, queueUrl: queueUrl))
        }
    }

    private mutating func search(_ reply: Reply, after page: JSON?) -> Step {
        guard let runs, let awaiting = reply.awaiting else { return publish(reply, nil) }
        phase = .searching(reply)
        return .call(runs.waiting(for: awaiting, after: page))
    }

    private mutating func found(_ output: JSON, _ reply: Reply) -> Step {
        var waiting: [Match] = []
        for item in output["Items"]?.array ?? [] {
            let run = DynamoItem.plain(item: item)
            guard let runId = run["runId"]?.string else { continue }
            let match = Match(runId: runId, jobId: run["jobId"]?.string, jobType: run["jobType"]?.string)
            if run["replyId"]?.string == replyId { return publish(reply, match) }
            if run["status"]?.string == RunStatus.dispatched.rawValue { waiting.append(match) }
        }
        return finish(reply, waiting, output["LastEvaluatedKey"])
    }

    private mutating func finish(_ reply: Reply, _ waiting: [Match], _ page: JSON?) -> Step {
        guard let runs, let match = waiting.first else {
            return page?.object?.isEmpty == false ? search(reply, after: page) : publish(reply, nil)
        }
        phase = .finishing(reply, match, rest: Array(waiting.dropFirst()), page: page)
        return .call(runs.finish(match.runId, by: reply, replyId: replyId, nowMs: nowMs))
    }

    private mutating func publish(_ reply: Reply, _ match: Match?) -> Step {
        guard let topicArn = settings.taskCompleteTopicArn else { return release(match) }
        phase = .publishing(match)
        return .call(
            reply.completion(
                runId: match?.runId, jobId: match?.jobId, jobType: match?.jobType, topicArn: topicArn))
    }

    private mutating func release(_ match: Match?) -> Step {
        guard let runs, let match else { return end(.done) }
        phase = .ending
        return .call(runs.release(match.runId))
    }
}

import AWSClient
import JSON
import LambdaRuntime
import Synchronization

@testable import JobDispatch

/// Everything that the functions call, in memory: the two tables and a note of every other call.
final class World: Performing {
    private struct State {
        var rows = Samples.rows
        var runs: [String: JSON.Object] = [:]
        var calls: [Call] = []
        var failures: [String: [InvocationError]] = [:]
        var answers: [String: Answer] = [:]
        var nowMs: Int64 = 1_700_000_000_500
    }
    private let state = Mutex(State())

    var nowMs: Int64 { state.withLock { $0.nowMs } }
    func advance(ms: Int64) { state.withLock { $0.nowMs += ms } }
    func put(row: JSON, id: String) { state.withLock { $0.rows[id] = Samples.typed(row) } }
    func fail(_ operation: String, _ errors: InvocationError...) { state.withLock { $0.failures[operation] = errors } }
    func answer(_ operation: String, _ answer: Answer) { state.withLock { $0.answers[operation] = answer } }
    func run(_ id: String) -> JSON { state.withLock { DynamoItem.plain(item: .object($0.runs[id] ?? [:])) } }

    /// Calls that left the system: neither of its tables.
    var sent: [Call] {
        state.withLock { state in
            state.calls.filter { if case .aws("dynamodb", _, _) = $0 { false } else { true } }
        }
    }
    func inputs(_ operation: String) -> [JSON] {
        state.withLock { state in
            state.calls.compactMap { if case .aws(_, operation, let input) = $0 { input } else { nil } }
        }
    }
    /// Bodies on a queue, oldest first.
    func bodies(_ queueUrl: String) -> [String] {
        inputs("SendMessage").filter { $0["QueueUrl"]?.string == queueUrl }.compactMap { $0["MessageBody"]?.string }
    }

    func perform(_ call: Call) async -> CallOutcome {
        state.withLock { state in
            guard case .aws(let service, let operation, let input) = call else {
                state.calls.append(call)
                return .success(state.answers["HTTP"] ?? Answer())
            }
            if let error = state.failures[operation]?.first {
                state.failures[operation]?.removeFirst()
                return .failure(error)
            }
            state.calls.append(call)
            if service == "dynamodb" { return Self.dynamo(operation, input, &state) }
            return .success(state.answers[operation] ?? Answer(output: ["MessageId": "m\(state.calls.count)"]))
        }
    }

    private static func dynamo(_ operation: String, _ input: JSON, _ state: inout State) -> CallOutcome {
        let failed = CallOutcome.failure(
            InvocationError("ConditionalCheckFailedException", "The conditional request failed"))
        let runId = (input["Key"] ?? input["Item"])?["runId"]?["S"]?.string
        switch operation {
        case "GetItem" where input["TableName"]?.string == Samples.table:
            let id = input["Key"]?.object?.members.first?.value.object?.members.first?.value.string ?? ""
            return .success(Answer(output: state.rows[id].map { ["Item": $0] } ?? [:]))
        case "GetItem": return .success(Answer(output: ["Item": .object(state.runs[runId ?? ""] ?? [:])]))
        case "PutItem":
            guard let runId, state.runs[runId] == nil else { return failed }
            state.runs[runId] = input["Item"]?.object
            return .success(Answer())
        case "Query":
            let awaiting = input["ExpressionAttributeValues"]?[":awaiting"]
            let items = state.runs.values.filter { $0["awaiting"] == awaiting }
                .sorted { ($0["dispatchedAt"]?["N"]?.string ?? "") < ($1["dispatchedAt"]?["N"]?.string ?? "") }
            return .success(Answer(output: ["Items": .array(items.map(JSON.object))]))
        default:
            guard let runId, var run = state.runs[runId] else { return failed }
            let values = input["ExpressionAttributeValues"]
            if let expected = values?[":expected"], run["status"] != expected { return failed }
            apply(input["UpdateExpression"]?.string ?? "", values, &run)
            state.runs[runId] = run
            return .success(Answer(output: ["Attributes": .object(run)]))
        }
    }

    /// The forms of expressions that the run table uses.
    private static func apply(_ expression: String, _ values: JSON?, _ run: inout JSON.Object) {
        let words = expression.split(separator: " ", maxSplits: 1)
        switch words[0] {
        case "SET":
            for part in words[1].split(separator: ", ") {
                let sides = part.split(separator: " = ")
                run[String(sides[0].drop { $0 == "#" })] = values?[String(sides[1])]
            }
        case "ADD":
            run["attempts"] = ["N": .string(String((run["attempts"]?["N"]?.string.flatMap { Int($0) } ?? 0) + 1))]
        default: run[String(words[1])] = nil
        }
    }
}

import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

import struct Foundation.Data

/// What goes beyond AWS: interventions in executions, under `/_baton/stepfunctions/`. Each is a POST of JSON.
///
/// | path | members | does |
/// |---|---|---|
/// | `skip` | `executionArn`, `state`, `output` | leaves the state with that output, whatever it waits for |
/// | `rerun` | `executionArn`, `state`, `input`?, `name`? | starts a new execution at that state |
/// | `change-input` | `executionArn`, `state`, `input` | the next attempt of the state takes that input |
///
/// `skip` and `change-input` work on a running execution, and on one that has failed in that state, which is then
/// redriven. `rerun` takes the input that the state had the last time, and the variables as they were then.
enum Interventions {
    static func answer(_ request: HTTPRequest, _ context: Context) async -> HTTPResponse? {
        let name = request.path.split(separator: "/").last.map(String.init) ?? ""
        guard ["skip", "rerun", "change-input"].contains(name) else { return nil }
        guard request.method == "POST" else { return HTTPResponse(status: 405, headers: ["Allow": "POST"]) }
        do throws(AWSError) {
            guard case .bytes(let bytes) = request.body, let input = try? JSON.parse(bytes) else {
                throw StepFunctionsError.validation("The body must be a JSON object.")
            }
            return response(200, try await run(name, input, context))
        } catch {
            return response(error.status, ["code": .string(error.code), "message": .string(error.message)])
        }
    }

    private static func response(_ status: Int, _ body: JSON) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: .bytes(body.serialized()))
    }

    static func run(_ name: String, _ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        guard let arn = input["executionArn"]?.string, let state = input["state"]?.string else {
            throw StepFunctionsError.validation("executionArn and state are required.")
        }
        let record = try context.execution(arn)
        switch name {
        case "skip":
            guard let output = input["output"] else { throw StepFunctionsError.validation("output is required.") }
            try await intervene(record, state, .skip(state: state, output: output), context)
        case "change-input":
            guard let changed = input["input"] else { throw StepFunctionsError.validation("input is required.") }
            try await intervene(record, state, .changeInput(state: state, input: changed), context)
        default: return try await rerun(record, state, input, context)
        }
        return ["executionArn": .string(arn)]
    }

    private static func intervene(
        _ record: ExecutionRecord, _ state: String, _ event: ExecutionEvent, _ context: Context
    ) async throws(AWSError) {
        if try await context.happen(record.id, event) { return }
        throw StepFunctionsError.validation("The execution is not in the state '\(state)' in a way that allows this.")
    }

    // MARK: Again from a state

    private static func rerun(
        _ record: ExecutionRecord, _ state: String, _ input: JSON, _ context: Context
    ) async throws(AWSError) -> JSON {
        let machines = context.machines
        let (revision, seen) = try context.read { db in
            (try machines.revision(record.revision, db), try Seen(record.id, state, db))
        }
        guard revision.definition.graph.states[state] != nil, record.mapRun == nil else {
            throw StepFunctionsError.validation("'\(state)' is no state of the machine's outermost level.")
        }
        guard let first = input["input"] ?? seen.input else {
            throw StepFunctionsError.validation("The execution never entered '\(state)': input is required.")
        }
        let machine = ResolvedMachine(revision: revision, versionArn: record.versionArn, aliasArn: record.aliasArn)
        var start = ExecutionStart(machine, context, name: input["name"]?.string, input: record.input)
        start.account = record.account
        start.region = record.region
        start.startAt = JSON.object(["state": .string(state), "input": first, "variables": .object(seen.variables)])
            .text()
        let new = try await context.engine.start(start, context)
        return ["executionArn": .string(new.arn)]
    }

    /// What a history tells of the last time that a state was entered.
    private struct Seen {
        var input: JSON?
        var variables: JSON.Object = [:]

        init(_ execution: Int64, _ state: String, _ db: Database) throws {
            var assigned: JSON.Object = [:]
            for row in try db.rows("SELECT events FROM sfn_history WHERE execution = ? ORDER BY first_id", execution) {
                for event in try JSON.parse(Array(row["events"] as Data)).array ?? [] {
                    if let details = event["stateEnteredEventDetails"], details["name"]?.string == state {
                        input = details["input"]?.string.flatMap { try? JSON.parse($0) }
                        variables = assigned
                    }
                    for (name, text) in event["stateExitedEventDetails"]?["assignedVariables"]?.object?.members ?? [] {
                        assigned[name] = text.string.flatMap { try? JSON.parse($0) }
                    }
                }
            }
            if input == nil { variables = assigned }
        }
    }
}

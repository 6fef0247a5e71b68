import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// What an execution is to be started with.
struct ExecutionStart: Sendable {
    var account: String
    var region: String
    var revision: Revision
    var versionArn: String?
    var aliasArn: String?
    /// nil: made up.
    var name: String?
    var input: String
    var traceHeader: String?
    var mockCase: String?
    /// Where it begins when that is not `StartAt`: `{"state", "input", "variables"}`.
    var startAt: String?
    /// `input`, when it has been parsed already.
    var value: JSON?
    /// When the machine was looked up.
    let edition: Int?

    init(_ machine: ResolvedMachine, _ context: Context, name: String?, input: String, value: JSON? = nil) {
        edition = machine.edition
        self.value = value
        account = context.account
        region = context.region
        revision = machine.revision
        versionArn = machine.versionArn
        aliasArn = machine.aliasArn
        self.name = name
        self.input = input
    }
}

extension Engine {
    /// Starts a standard execution; everything up to its first wait is committed with it.
    /// - Returns: the execution, which is an older one when it has the same name and input and is running.
    /// - Throws: `ExecutionAlreadyExists`
    func start(_ start: ExecutionStart, _ context: Context) async throws(AWSError) -> ExecutionRecord {
        let revision = start.revision
        let name = start.name ?? context.random.uuid()
        let machine = revision.machineArn
        let record = ExecutionRecord(
            id: nextId(), account: start.account, region: start.region,
            arn: Self.executionArn(machine, name, "execution"), machineArn: machine, name: name,
            revision: revision.id, versionArn: start.versionArn, aliasArn: start.aliasArn,
            startMs: context.nowMs, input: start.input, startAt: start.startAt, traceHeader: start.traceHeader,
            mockCase: start.mockCase)
        let machines = machines
        return try await begin(record, revision, value: start.value, context) { tx in
            try machines.stillExists(machine, since: start.edition, tx)
        }
    }

    /// `arn:…:stateMachine:M` and `E` make `arn:…:execution:M:E`.
    static func executionArn(_ machine: String, _ name: String, _ type: String) -> String {
        var rest = machine[...]
        // The resource is what follows the fifth colon.
        for _ in 0..<5 {
            guard let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "" }
            rest = rest[rest.utf8.index(after: colon)...]
        }
        let resource = rest.utf8.firstIndex(of: UInt8(ascii: ":")).map { rest[$0...] } ?? ""
        return "\(machine[..<rest.startIndex])\(type)\(resource):\(name)"
    }

    /// - Parameter check: what else must hold in the transaction that begins the execution.
    func begin(
        _ record: ExecutionRecord, _ revision: Revision, value: JSON? = nil, _ context: Context,
        check: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws(AWSError) -> ExecutionRecord {
        let host = context.host
        let moment = moment(record.id, host)
        let facts = record.facts(
            revision.definition, roleArn: revision.roleArn, value: value, isExpress: false)
        let live = Live(record, revision, ExecutionLifecycle(facts, moment))
        live.lifecycle.handle(.start, moment)
        let step = live.lifecycle.takeStep()
        var plan = StepPlan(step, live, self, host)
        _ = live.closes(step, moment.nowMs)
        let (write, new) = (plan.write, live.record)
        claim(record.id)
        let result: StepWrite.Result?
        let older: ExecutionRecord?
        do throws(AWSError) {
            (result, older) = try await context.write { tx in
                try check(tx)
                guard try new.insert(tx) else {
                    let older = try ExecutionRecord.existing(new.arn, tx.db)
                    guard older.isRunning, older.input == new.input else {
                        throw StepFunctionsError.executionAlreadyExists(new.arn)
                    }
                    return (nil, older)
                }
                try ExecutionEvents.started(new, tx, host)
                return (try write.commit(tx), nil)
            }
        } catch {
            await release(record.id, nil)
            throw error
        }
        if let older {
            await release(record.id, nil)
            return older
        }
        goOn(&plan, step, live, result ?? StepWrite.Result(), host)
        return new
    }

    /// Does what the first step asks for, beside the caller.
    private func goOn(
        _ plan: inout StepPlan, _ step: Step, _ live: Live, _ result: StepWrite.Result, _ host: Host
    ) {
        let recorded = after(&plan, step, live, result, host)
        let id = live.record.id
        guard !recorded.isEmpty else { return unclaim(id, live) }
        Task { [self] in
            do {
                try await settle(live, recorded)
                await release(id, live)
            } catch {
                await release(id, nil)
                post(id, Letter())
            }
        }
    }
}

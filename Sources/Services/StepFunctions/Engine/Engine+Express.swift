import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging
import StatesLanguage

/// Express executions: in memory alone; they end with the process, as on AWS they end with their host.
extension Engine {
    /// How long an express execution may take. Source: Step Functions developer guide, "Quotas".
    private static let expressSeconds: Int64 = 300

    /// Starts one.
    /// - Parameter ended: called once, with its end.
    func startExpress(
        _ start: ExecutionStart, _ context: Context, ended: (@Sendable (ExecutionRecord, ExecutionEnd) -> Void)? = nil
    ) -> ExecutionRecord {
        let host = context.host
        let name = start.name ?? host.random.uuid()
        let machine = start.revision.machineArn
        let record = ExecutionRecord(
            id: nextExpressId(), account: start.account, region: start.region,
            arn: Self.executionArn(machine, name, "express") + ":" + host.random.uuid(), machineArn: machine,
            name: name, revision: start.revision.id, versionArn: start.versionArn, aliasArn: start.aliasArn,
            startMs: context.nowMs, input: start.input, traceHeader: start.traceHeader, mockCase: start.mockCase)
        run(express: record, start.revision, host, value: start.value, ended: ended)
        return record
    }

    /// The first step is made with the caller: most executions end with it, and need no mailbox then.
    /// - Parameter ended: told of the end; nil when nobody asks.
    func run(
        express record: ExecutionRecord, _ revision: Revision, _ host: Host, value: JSON? = nil,
        ended: (@Sendable (ExecutionRecord, ExecutionEnd) -> Void)?
    ) {
        let moment = moment(record.id, host)
        let facts = record.facts(
            revision.definition, roleArn: revision.roleArn, value: value, isExpress: true)
        let live = Live(record, revision, ExecutionLifecycle(facts, moment))
        live.lifecycle.handle(.start, moment)
        if live.log == nil, let end = live.lifecycle.end, !live.lifecycle.hasEffects {
            ended?(record, end)
            return
        }
        if let ended {
            onEnd(record.id) { end in ended(record, end) }
        }
        claim(record.id)
        live.limit = host.clock.schedule(atMs: record.startMs + Self.expressSeconds * 1000, pullsTime: true) {
            [weak self] in
            self?.post(record.id, Letter(event: .timer(thread: -1, epoch: 0)))
        }
        Task { [self] in
            do {
                try await settle(live, try await commit(live))
            } catch {
                host.logger.warning("an express execution failed", metadata: ["error": "\(error)"])
            }
            await release(record.id, live)
        }
    }

    /// Runs one to its end.
    func expressEnd(_ start: ExecutionStart, _ context: Context) async -> (ExecutionRecord, ExecutionEnd) {
        let clock = context.host.clock
        let ended = await withUnsafeContinuation { continuation in
            _ = startExpress(start, context) { record, end in continuation.resume(returning: (record, end)) }
            // A skipping clock need not wait for who waits.
            clock.endActivity()
        }
        clock.beginActivity()
        return ended
    }
}

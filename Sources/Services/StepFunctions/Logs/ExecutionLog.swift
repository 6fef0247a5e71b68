import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// The way of an execution's history to CloudWatch Logs: what is to be logged is committed together with the history,
/// as due rows, and put into the log in the transaction that removes them: once, and in order.
///
/// Each stream is `states/MACHINE/yyyy-mm-dd-hh-mm/ID`, of the minute in which the execution began.
struct ExecutionLog: Sendable {
    static let kind = "sfn.log"
    /// A batch of PutLogEvents holds at most 10,000 events and 1 MB.
    private static let mostBytes = 500_000
    private static let mostEvents = 1_000

    let level: LogLevel
    let includesData: Bool
    let group: String
    let stream: String
    let account: String
    let region: String
    let executionArn: String

    /// nil when the machine logs nothing.
    init?(_ revision: Revision, account: String, region: String, executionArn: String, startMs: Int64) {
        guard let group = revision.logging.logGroup else { return nil }
        level = revision.logging.level ?? .off
        includesData = revision.logging.includeExecutionData ?? false
        self.group = group
        let minute = AWSWire.Timestamp.iso8601(startMs).prefix(16)
            .map { $0 == "T" || $0 == ":" ? "-" : String($0) }.joined()
        // The same execution always finds its stream again; others of that minute may share it.
        let digest = executionArn.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let hex = String(digest, radix: 16)
        stream = "states/\(revision.name)/\(minute)/" + String(repeating: "0", count: 8 - hex.count) + hex
        self.account = account
        self.region = region
        self.executionArn = executionArn
    }

    /// Commits what these events put into the log.
    /// - Parameter redriveCount: of the execution at that moment.
    func append(_ events: [HistoryEvent], redriveCount: Int, _ tx: Transaction) throws {
        var batch: [JSON] = []
        var bytes = 0
        for event in events where level.includes(event.type) {
            let message = LogRecord.message(event, executionArn, redriveCount, includesData: includesData)
            batch.append(["timestamp": .number(JSON.Number(event.atMs)), "message": .string(message)])
            bytes += message.utf8.count
            if bytes > Self.mostBytes || batch.count == Self.mostEvents {
                try schedule(batch, tx)
                (batch, bytes) = ([], 0)
            }
        }
        if !batch.isEmpty { try schedule(batch, tx) }
    }

    private func schedule(_ batch: [JSON], _ tx: Transaction) throws {
        let payload: JSON = [
            "logGroupName": .string(group), "logStreamName": .string(stream), "logEvents": .array(batch),
        ]
        try tx.schedule(
            Self.kind, atMs: tx.nowMs, account: account, region: region, key: executionArn, payload: payload.text())
    }

    // MARK: Delivery

    /// Puts a batch into its log. A group that is gone takes nothing any more.
    static func deliver(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        guard let batch = try? JSON.parse(row.payload) else { return .done }
        var place = batch
        place["logEvents"] = nil
        let create: Write<Enlisted>
        let put: Write<Enlisted>
        do {
            create = try context.enlist("logs", "CreateLogStream", place)
            put = try context.enlist("logs", "PutLogEvents", batch)
        } catch {
            guard error.code == "NotEnlistable" else { throw error }
            try await send(batch, place, context)
            return .done
        }
        return .commit { tx in
            guard try passing(tx, create, "ResourceAlreadyExistsException") else { return }
            _ = try passing(tx, put, "")
        }
    }

    /// Whether the write succeeded or failed with the accepted code; `ResourceNotFoundException` is false.
    private static func passing(_ tx: Transaction, _ write: Write<Enlisted>, _ accepted: String) throws -> Bool {
        do {
            _ = try tx.nested(write)
            return true
        } catch let error as AWSError where error.code == accepted {
            return true
        } catch let error as AWSError where error.code == "ResourceNotFoundException" {
            return false
        }
    }

    /// To a log that lives elsewhere.
    private static func send(_ batch: JSON, _ place: JSON, _ context: Context) async throws(AWSError) {
        do {
            _ = try await context.call("logs", "CreateLogStream", place)
        } catch {
            if error.code == "ResourceNotFoundException" { return }
            if error.code != "ResourceAlreadyExistsException" { throw error }
        }
        _ = try await context.call("logs", "PutLogEvents", batch)
    }
}

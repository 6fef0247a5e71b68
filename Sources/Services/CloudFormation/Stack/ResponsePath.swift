import AWSWire
import BatonCore
import BatonStore
import Crypto
import GRDB
import JSON

/// The URLs at which custom resources and wait conditions are answered: `…/_aws/cloudformation/response/<token>`.
enum ResponsePath {
    static let prefix = "/_aws/cloudformation/response/"
    /// Bytes of one answer.
    private static let maxBytes = 1 << 16

    /// The same for each run of the same effect, another one for each other effect.
    static func token(_ request: ResourceRequest, _ kind: String) -> String {
        let parts = [
            request.stack.id, request.stack.operationId ?? "", request.logicalId, kind, request.physicalId,
            request.properties.text(),
        ]
        return SHA256.hash(data: JSON.array(parts.map { .string($0) }).serialized())
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    static func url(_ token: String, _ request: ResourceRequest) -> String { request.endpoint + prefix + token }

    static func token(ofURL url: String) -> String? {
        url.firstRange(of: prefix).map { String(url[$0.upperBound...]) }
    }

    // MARK: Rows

    /// - Parameter operationId: of the operation with whose end nobody waits any more; nil for handles, which stay.
    static func expect(_ token: String, operationId: String?, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR IGNORE INTO cfn_waits (token, begun_ms, operation_id) VALUES (?, ?, ?)", token,
            transaction.nowMs, operationId)
    }

    /// Nobody waits any more for what belonged to an operation.
    static func forget(operationId: String, _ transaction: Transaction) throws {
        let tokens = "SELECT token FROM cfn_waits WHERE operation_id = ?"
        try transaction.execute("DELETE FROM cfn_responses WHERE token IN (\(tokens))", operationId)
        try transaction.execute("DELETE FROM cfn_waits WHERE operation_id = ?", operationId)
    }

    static func begunMs(_ token: String, _ db: Database) throws -> Int64? {
        try db.row("SELECT begun_ms FROM cfn_waits WHERE token = ?", token)?["begun_ms"]
    }

    /// What has come, by ids of the senders.
    static func responses(_ token: String, _ db: Database) throws -> [(id: String, body: JSON)] {
        try db.rows("SELECT id, body FROM cfn_responses WHERE token = ? ORDER BY id", token)
            .map { ($0["id"], try JSON.parse($0["body"] as String)) }
    }

    static func forget(_ token: String, _ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM cfn_waits WHERE token = ?", token)
        try transaction.execute("DELETE FROM cfn_responses WHERE token = ?", token)
    }

    /// Keeps an answer and wakes the step that waits for it.
    /// - Returns: false when nobody waits.
    static func keep(_ token: String, id: String, _ body: JSON, _ transaction: Transaction) throws -> Bool {
        guard try begunMs(token, transaction.db) != nil else { return false }
        try transaction.execute(
            "INSERT OR REPLACE INTO cfn_responses (token, id, body) VALUES (?, ?, ?)", token, id, body.text())
        let waiting = try transaction.rows(
            "SELECT account, region, payload FROM due WHERE kind = ? AND key = ?", StackEngine.stepKind, token)
        try transaction.cancelDue(kind: StackEngine.stepKind, key: token)
        for row in waiting {
            try transaction.schedule(
                StackEngine.stepKind, atMs: transaction.nowMs, account: row["account"], region: row["region"],
                key: token, payload: row["payload"])
        }
        return true
    }

    // MARK: Requests

    static func receive(_ request: HTTPRequest, _ host: BatonCore.Host) async -> HTTPResponse {
        let token = String(request.path.dropFirst(prefix.count).prefix { $0 != "?" })
        guard request.method == "PUT", case .bytes(let bytes) = request.body, bytes.count <= maxBytes,
            let body = try? JSON.parse(bytes), body.object != nil
        else { return HTTPResponse(status: 400, body: .bytes(Array("A JSON object was expected.\n".utf8))) }
        do {
            let isKept = try await host.store.write { transaction in
                try keep(token, id: body["UniqueId"]?.string ?? "", body, transaction)
            }
            return HTTPResponse(status: isKept ? 200 : 404, body: .bytes([]))
        } catch {
            return HTTPResponse(status: host.awsError(of: error).status, body: .bytes([]))
        }
    }
}

extension ResourceRequest {
    /// Rows of the stacks themselves, for types that have no service behind them.
    func write(_ body: @escaping Write<Void>) async throws(ResourceFailure) {
        do throws(AWSError) {
            try await context.write(body)
        } catch {
            throw ResourceFailure(reason: error.message, code: error.code, isTransient: true)
        }
    }

    func read<T>(_ body: (Database) throws -> T) throws(ResourceFailure) -> T {
        do throws(AWSError) {
            return try context.read(body)
        } catch {
            throw ResourceFailure(reason: error.message, code: error.code, isTransient: true)
        }
    }
}

import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Synchronization

/// What an API consists of.
enum PartKind: String, CaseIterable, Sendable {
    case route, integration, stage, deployment

    var title: String {
        switch self {
        case .route: "Route"
        case .integration: "Integration"
        case .stage: "Stage"
        case .deployment: "Deployment"
        }
    }

    /// The member that identifies one.
    var idMember: String { self == .stage ? "StageName" : "\(title)Id" }
}

/// An HTTP API with its parts, as of one commit.
struct APIRecord: Sendable {
    static let table = Migration(
        name: "apigatewayv2-1",
        sql: """
            CREATE TABLE apigw_api (
                id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, body TEXT NOT NULL)
                STRICT, WITHOUT ROWID;
            CREATE TABLE apigw_part (
                api TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                PRIMARY KEY (api, kind, id)) STRICT, WITHOUT ROWID;
            """)

    let id: String
    let account: String
    let region: String
    /// The member tree of GetApi.
    var body: JSON
    /// By kind and id: the member trees of the Get operations.
    var parts: [PartKind: [String: JSON]] = [:]

    init(id: String, account: String, region: String, body: JSON) {
        (self.id, self.account, self.region, self.body) = (id, account, region, body)
    }

    private init(_ row: Row, _ db: Database) throws {
        self.init(
            id: row["id"], account: row["account"], region: row["region"],
            body: try JSON.parse(row["body"] as String))
        for part in try db.rows("SELECT * FROM apigw_part WHERE api = ? ORDER BY id", id) {
            guard let kind = PartKind(rawValue: part["kind"]) else { continue }
            parts[kind, default: [:]][part["id"]] = try JSON.parse(part["body"] as String)
        }
    }

    static func all(_ db: Database) throws -> [APIRecord] {
        try db.rows("SELECT * FROM apigw_api").map { try APIRecord($0, db) }
    }

    static func find(_ id: String, _ db: Database) throws -> APIRecord? {
        try db.row("SELECT * FROM apigw_api WHERE id = ?", id).map { try APIRecord($0, db) }
    }

    /// - Throws: NotFoundException.
    static func require(_ id: String, _ context: Context, _ db: Database) throws -> APIRecord {
        guard let api = try find(id, db), api.account == context.account, api.region == context.region else {
            throw APIGatewayError.noApi(id, context.account)
        }
        return api
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO apigw_api (id, account, region, body) VALUES (?, ?, ?, ?)", id, account, region,
            body.text())
    }

    func delete(_ transaction: Transaction) throws {
        try transaction.execute("DELETE FROM apigw_part WHERE api = ?", id)
        try transaction.execute("DELETE FROM apigw_api WHERE id = ?", id)
    }

    func part(_ kind: PartKind, _ id: String) throws(AWSError) -> JSON {
        guard let part = parts[kind]?[id] else { throw APIGatewayError.noPart(kind, id) }
        return part
    }

    mutating func put(_ kind: PartKind, _ id: String, _ part: JSON, _ transaction: Transaction) throws {
        parts[kind, default: [:]][id] = part
        try transaction.execute(
            "INSERT OR REPLACE INTO apigw_part (api, kind, id, body) VALUES (?, ?, ?, ?)", self.id, kind.rawValue, id,
            part.text())
    }

    mutating func remove(_ kind: PartKind, _ id: String, _ transaction: Transaction) throws {
        parts[kind]?[id] = nil
        try transaction.execute(
            "DELETE FROM apigw_part WHERE api = ? AND kind = ? AND id = ?", self.id, kind.rawValue, id)
    }

    /// The tree that callers see: what a deployment has kept is not part of it.
    static func shown(_ part: JSON) -> JSON {
        var part = part
        part["snapshot"] = nil
        return part
    }
}

/// The APIs in memory, so that a request to one reads nothing from disk.
final class Apis: Sendable {
    private let state = Mutex<[String: APIRecord]>([:])

    subscript(id: String) -> APIRecord? { state.withLock { $0[id] } }
    func put(_ api: APIRecord) { state.withLock { $0[api.id] = api } }
    func remove(_ id: String) { state.withLock { $0[id] = nil } }

    func load(_ store: Store) throws {
        for api in try store.read({ try APIRecord.all($0) }) { put(api) }
    }
}

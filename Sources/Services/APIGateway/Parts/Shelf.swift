import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The parts of one owner: of an account in a region, of an API, of a usage plan.
struct Shelf: Sendable {
    static let table = Migration(
        name: "apigateway-1",
        sql: """
            CREATE TABLE apigw_rest (
                account TEXT NOT NULL, region TEXT NOT NULL, owner TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
                body TEXT NOT NULL, PRIMARY KEY (account, region, owner, kind, id)) STRICT;
            CREATE INDEX apigw_rest_api ON apigw_rest (id) WHERE kind = 'api';
            """)

    let account: String
    let region: String
    /// The id of the API or of the usage plan; empty for the account.
    let owner: String

    init(_ context: Context, owner: String = "") {
        (account, region, self.owner) = (context.account, context.region, owner)
    }

    init(account: String, region: String, owner: String) {
        (self.account, self.region, self.owner) = (account, region, owner)
    }

    /// The shelf on which the part is that an input names.
    init(_ kind: PartKind, _ input: JSON, _ context: Context) {
        let owner =
            switch kind.owner {
            case .account: ""
            case .api: input["restApiId"]?.string ?? ""
            case .usagePlan: input["usagePlanId"]?.string ?? ""
            }
        self.init(context, owner: owner)
    }

    private var ofAccount: Shelf { Shelf(account: account, region: region, owner: "") }

    /// - Throws: NotFoundException when the owner is not there.
    @discardableResult
    func requireOwner(_ kind: PartKind, _ db: Database) throws -> JSON? {
        switch kind.owner {
        case .account: return nil
        case .usagePlan: return try ofAccount.require(.usagePlan, owner, db)
        case .api: return try api(db)
        }
    }

    func api(_ db: Database) throws -> JSON {
        guard let api = try ofAccount.find(.restApi, owner, db) else { throw APIGatewayError.noApi(owner, account) }
        return api
    }

    func find(_ kind: PartKind, _ id: String, _ db: Database) throws -> JSON? {
        try db.row(
            "SELECT body FROM apigw_rest WHERE account = ? AND region = ? AND owner = ? AND kind = ? AND id = ?",
            account, region, owner, kind.name, id
        ).map { try JSON.parse($0["body"] as String) }
    }

    func require(_ kind: PartKind, _ id: String, _ db: Database) throws -> JSON {
        guard let part = try find(kind, id, db) else {
            throw kind.name == PartKind.restApi.name
                ? APIGatewayError.noApi(id, account) : APIGatewayError.notFound(kind.missing(id))
        }
        return part
    }

    /// By their ids.
    func all(_ kind: PartKind, _ db: Database) throws -> [JSON] {
        try db.rows(
            "SELECT body FROM apigw_rest WHERE account = ? AND region = ? AND owner = ? AND kind = ? ORDER BY id",
            account, region, owner, kind.name
        ).map { try JSON.parse($0["body"] as String) }
    }

    func put(_ kind: PartKind, _ id: String, _ body: JSON, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO apigw_rest (account, region, owner, kind, id, body) VALUES (?, ?, ?, ?, ?, ?)",
            account, region, owner, kind.name, id, body.text())
    }

    func remove(_ kind: PartKind, _ id: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM apigw_rest WHERE account = ? AND region = ? AND owner = ? AND kind = ? AND id = ?", account,
            region, owner, kind.name, id)
    }

    func removeAll(_ kind: PartKind, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM apigw_rest WHERE account = ? AND region = ? AND owner = ? AND kind = ?", account, region,
            owner, kind.name)
    }

    /// Where an API is, whoever's it may be.
    static func place(ofApi id: String, _ db: Database) throws -> (shelf: Shelf, api: JSON)? {
        try db.row("SELECT account, region, body FROM apigw_rest WHERE id = ? AND kind = 'api'", id).map { row in
            let shelf = Shelf(account: row["account"], region: row["region"], owner: id)
            return (shelf, try JSON.parse(row["body"] as String))
        }
    }
}

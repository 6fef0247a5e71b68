import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

// Operations that are the same for all kinds of parts: one line each where the kind is at home.

protocol PartOperation {
    static var kind: PartKind { get }
    /// The tree that callers see.
    static func shown(_ part: JSON, _ input: JSON) -> JSON
}

extension PartOperation {
    static func shown(_ part: JSON, _ input: JSON) -> JSON { part }
}

/// Answers one part. Errors: NotFoundException.
protocol GettingPart: PartOperation, ReadOperation where Input == JSON, Output == JSON {}

extension GettingPart {
    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let shelf = Shelf(kind, input, context)
        let part = try context.read { db in
            try shelf.requireOwner(kind, db)
            return try shelf.require(kind, input[kind.input]?.string ?? "", db)
        }
        return shown(part, input)
    }
}

/// Answers the parts page by page: `limit` (1–500, 25 unless the request says else) and `position`. Errors:
/// NotFoundException, BadRequestException.
protocol ListingParts: PartOperation, ReadOperation where Input == JSON, Output == JSON {
    static func isWanted(_ part: JSON, _ input: JSON) -> Bool
}

extension ListingParts {
    static func isWanted(_ part: JSON, _ input: JSON) -> Bool { true }

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let shelf = Shelf(kind, input, context)
        let parts = try context.read { db in
            try shelf.requireOwner(kind, db)
            return try shelf.all(kind, db)
        }
        return try Page.of(parts.filter { isWanted($0, input) }.map { shown($0, input) }, kind.member, input)
    }
}

/// Removes a part. Errors: NotFoundException.
protocol DeletingPart: PartOperation, WriteOperation where Input == JSON, Output == Nothing {
    /// What stands against it.
    static func check(_ part: JSON, _ shelf: Shelf, _ db: Database) throws
    /// What goes with it.
    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws
}

extension DeletingPart {
    static func check(_ part: JSON, _ shelf: Shelf, _ db: Database) throws {}
    static func follow(_ part: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {}

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        Changes.write(kind, input, context) { shelf, transaction in
            let id = input[kind.input]?.string ?? ""
            let part = try shelf.require(kind, id, transaction.db)
            try check(part, shelf, transaction.db)
            try shelf.remove(kind, id, transaction)
            try follow(part, shelf, transaction)
            return Nothing()
        }
    }
}

/// Changes a part by patch operations. Errors: NotFoundException, BadRequestException, ConflictException.
protocol UpdatingPart: PartOperation, WriteOperation where Input == JSON, Output == JSON {
    /// The members that a patch operation means.
    static func path(_ path: [String]) -> [String]
    /// What a changed part must be, and what else changes with it.
    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws
}

extension UpdatingPart {
    static func path(_ path: [String]) -> [String] { path }
    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {}

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let (isDated, nowMs) = (kind.member == "stageName" || kind.name == PartKind.apiKey.name, context.nowMs)
        return Changes.write(kind, input, context) { shelf, transaction in
            let id = input[kind.input]?.string ?? ""
            let old = try shelf.require(kind, id, transaction.db)
            var part = try Patch.apply(input["patchOperations"], to: old, name, path: path)
            if isDated { part["lastUpdatedDate"] = .number(Timestamp.number(nowMs)) }
            try settle(&part, old, shelf, transaction)
            try shelf.put(kind, id, part, transaction)
            return shown(part, input)
        }
    }
}

enum Changes {
    private static let alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

    static func id(_ context: Context, _ length: Int = 6) -> String { context.random.text(length, of: alphabet) }

    /// One change of what an owner has; what is kept in memory of it is forgotten with the commit.
    static func write<T: Sendable>(
        _ kind: PartKind, _ input: JSON, _ context: Context,
        _ change: @escaping @Sendable (Shelf, Transaction) throws -> T
    ) -> Write<T> {
        let shelf = Shelf(kind, input, context)
        let live = context.service(APIGateway.self).live
        let api = kind.owner == .api ? shelf.owner : input["restApiId"]?.string
        return { transaction in
            try shelf.requireOwner(kind, transaction.db)
            let result = try change(shelf, transaction)
            transaction.afterCommit { live.forget(api: api, account: shelf.account, region: shelf.region) }
            return result
        }
    }
}

enum Page {
    static func of(_ items: [JSON], _ member: String, _ input: JSON) throws(AWSError) -> JSON {
        var start: String?
        if let token = input["position"]?.string {
            guard let place = PageToken.decode(token)?.string else {
                throw APIGatewayError.badRequest("Invalid position parameter specified")
            }
            start = place
        }
        let limit = input["limit"]?.int ?? 25
        guard (1...500).contains(limit) else {
            throw APIGatewayError.badRequest("Invalid limit parameter specified, must be between 1 and 500")
        }
        let place = start.flatMap { start in items.firstIndex { ($0[member]?.string ?? "") > start } ?? items.count }
        let rest = items[(place ?? 0)...]
        let page = rest.prefix(limit)
        var output: JSON = ["items": .array(Array(page))]
        if page.count < rest.count, let last = page.last?[member] {
            output["position"] = .string(PageToken.encode(last))
        }
        return output
    }
}

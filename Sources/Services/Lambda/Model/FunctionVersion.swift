import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One row of `lambda_version`.
struct FunctionVersion: Sendable {
    static let latest = "$LATEST"

    var reference: FunctionReference
    var version: String
    var settings: FunctionSettings
    /// Base64, as AWS shows it.
    var codeSha256: String
    /// Bytes of the package.
    var codeSize: Int
    var revision: String
    var modifiedMs: Int64

    var isLatest: Bool { version == Self.latest }
    var logGroup: String { settings.logGroup ?? "/aws/lambda/\(reference.name)" }

    init(_ row: Row) throws {
        reference = FunctionReference(account: row["account"], region: row["region"], name: row["name"], qualifier: nil)
        version = row["version"]
        settings = try JSON.parse(row["settings"] as String).decoded()
        codeSha256 = row["code_sha256"]
        codeSize = row["code_size"]
        revision = row["revision"]
        modifiedMs = row["modified_ms"]
    }

    init(
        reference: FunctionReference, version: String = Self.latest, settings: FunctionSettings, codeSha256: String,
        codeSize: Int, revision: String, modifiedMs: Int64 = 0
    ) {
        self.reference = reference.with(qualifier: nil)
        self.version = version
        self.settings = settings
        self.codeSha256 = codeSha256
        self.codeSize = codeSize
        self.revision = revision
        self.modifiedMs = modifiedMs
    }

    /// Inserts the row or replaces it.
    func store(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO lambda_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            reference.account, reference.region, reference.name, version, Int(version) ?? 0,
            try JSON(encoding: settings).text(), codeSha256, codeSize, revision, modifiedMs)
    }
}

/// Reading functions; the same from a transaction and from a snapshot.
extension Database {
    func functionRow(_ reference: FunctionReference) throws -> Row? {
        try row(
            "SELECT * FROM lambda_function WHERE account = ? AND region = ? AND name = ?", reference.account,
            reference.region, reference.name)
    }

    /// Throws ResourceNotFoundException when there is no such function.
    func requireFunction(_ reference: FunctionReference) throws {
        guard try functionRow(reference) != nil else { throw LambdaError.functionNotFound(reference.functionArn) }
    }

    func version(_ reference: FunctionReference, _ version: String) throws -> FunctionVersion? {
        try row(
            "SELECT * FROM lambda_version WHERE account = ? AND region = ? AND name = ? AND version = ?",
            reference.account, reference.region, reference.name, version
        ).map(FunctionVersion.init)
    }

    /// The version that the reference means, through an alias where it names one.
    func resolve(_ reference: FunctionReference) throws -> FunctionVersion {
        let qualifier = reference.qualifier ?? FunctionVersion.latest
        if let found = try version(reference, qualifier) { return found }
        if let alias = try alias(reference, qualifier), let found = try version(reference, alias.version) {
            return found
        }
        throw LambdaError.functionNotFound(reference.arn)
    }

    func alias(_ reference: FunctionReference, _ name: String) throws -> Alias? {
        try row(
            "SELECT * FROM lambda_alias WHERE account = ? AND region = ? AND name = ? AND alias = ?",
            reference.account, reference.region, reference.name, name
        ).map(Alias.init)
    }
}

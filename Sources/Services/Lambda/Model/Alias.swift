import AWSWire
import BatonStore
import GRDB
import JSON

/// One row of `lambda_alias`.
struct Alias: Sendable {
    var reference: FunctionReference
    var name: String
    var version: String
    var description: String
    /// Share of calls, 0–1, that goes to another version.
    var weights: [String: Double]
    var revision: String

    init(
        reference: FunctionReference, name: String, version: String, description: String, weights: [String: Double],
        revision: String
    ) {
        self.reference = reference
        self.name = name
        self.version = version
        self.description = description
        self.weights = weights
        self.revision = revision
    }

    init(_ row: Row) throws {
        reference = FunctionReference(account: row["account"], region: row["region"], name: row["name"], qualifier: nil)
        name = row["alias"]
        version = row["version"]
        description = row["description"]
        weights = try JSON.parse(row["weights"] as String).decoded()
        revision = row["revision"]
    }

    func store(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO lambda_alias VALUES (?, ?, ?, ?, ?, ?, ?, ?)", reference.account, reference.region,
            reference.name, name, version, description, try JSON(encoding: weights).text(), revision)
    }

    /// The version that one call goes to.
    /// - Parameter draw: a random number in `0..<1`.
    func version(draw: Double) -> String {
        var bound = 0.0
        for (version, weight) in weights.sorted(by: { $0.key < $1.key }) {
            bound += weight
            if draw < bound { return version }
        }
        return version
    }

    struct Routing: Codable, Sendable { let additionalVersionWeights: [String: Double]? }

    /// AliasConfiguration.
    struct Output: Encodable, Sendable {
        let aliasArn: String
        let name: String
        let functionVersion: String
        let description: String
        let routingConfig: Routing?
        let revisionId: String
    }

    var output: Output {
        Output(
            aliasArn: reference.qualified(name).description, name: name, functionVersion: version,
            description: description,
            routingConfig: weights.isEmpty ? nil : Routing(additionalVersionWeights: weights), revisionId: revision)
    }

    /// Errors: InvalidParameterValueException for `$LATEST`, for a version that does not exist and for bad weights.
    func check(_ transaction: Transaction) throws {
        guard try transaction.db.version(reference, version) != nil else {
            throw LambdaError.functionNotFound(reference.qualified(version))
        }
        guard !weights.isEmpty else { return }
        guard version != FunctionVersion.latest else {
            throw LambdaError.invalid("$LATEST is not supported for an alias pointing to more than 1 version")
        }
        guard weights.count == 1 else {
            throw LambdaError.invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
        }
        for (other, weight) in weights {
            guard other != version, other != FunctionVersion.latest else {
                throw LambdaError.invalid(
                    "Invalid function version \(other). Function version \(other) is already included in routing configuration."
                )
            }
            guard Limits.aliasWeights.contains(weight) else {
                throw LambdaError.invalid("Invalid weight \(weight): it must be between 0.0 and 1.0")
            }
            guard try transaction.db.version(reference, other) != nil else {
                throw LambdaError.functionNotFound(reference.qualified(other))
            }
        }
    }
}

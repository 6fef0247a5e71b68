import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A layer as callers name it: by its name, or by its ARN.
struct LayerReference: Sendable, Hashable {
    let account: String
    let region: String
    let name: String

    init(_ text: String, _ context: Context) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count >= 7, parts[0] == "arn", parts[5] == "layer" {
            (region, account, name) = (parts[3], parts[4], parts[6])
        } else {
            (region, account, name) = (context.region, context.account, text)
        }
    }

    init(account: String, region: String, name: String) {
        (self.account, self.region, self.name) = (account, region, name)
    }

    var arn: ARN { ARN(service: "lambda", region: region, account: account, resource: "layer:\(name)") }
}

/// One row of `lambda_layer_version`.
struct LayerVersion: Sendable {
    let layer: LayerReference
    let version: Int
    let description: String?
    let runtimes: [String]
    let architectures: [String]
    let license: String?
    let codeSha256: String
    let codeSize: Int
    let createdMs: Int64

    var arn: String { "\(layer.arn):\(version)" }

    init(_ row: Row) throws {
        layer = LayerReference(account: row["account"], region: row["region"], name: row["name"])
        version = row["version"]
        description = row["description"]
        runtimes = try JSON.parse(row["runtimes"] as String).decoded()
        architectures = try JSON.parse(row["architectures"] as String).decoded()
        license = row["license"]
        codeSha256 = row["code_sha256"]
        codeSize = row["code_size"]
        createdMs = row["created_ms"]
    }

    /// Errors: ResourceNotFoundException.
    static func find(_ layer: LayerReference, _ version: Int, _ db: Database) throws -> LayerVersion {
        let row = try db.row(
            """
            SELECT * FROM lambda_layer_version
            WHERE account = ? AND region = ? AND name = ? AND version = ? AND is_deleted = 0
            """, layer.account, layer.region, layer.name, version)
        guard let row else { throw LambdaError.notFound("The resource you requested does not exist.") }
        return try LayerVersion(row)
    }

    struct Content: Encodable, Sendable {
        let location: String
        let codeSha256: String
        let codeSize: Int
    }

    /// LayerVersionsListItem, and what Publish- and GetLayerVersion add to it.
    struct Output: Encodable, Sendable {
        var content: Content?
        var layerArn: String?
        let layerVersionArn: String
        let version: Int
        let description: String
        let createdDate: String
        let compatibleRuntimes: [String]?
        let compatibleArchitectures: [String]?
        let licenseInfo: String?
    }

    /// An entry of a list.
    var listed: Output {
        Output(
            layerVersionArn: arn, version: version, description: description ?? "",
            createdDate: Times.lastModified(createdMs), compatibleRuntimes: runtimes.isEmpty ? nil : runtimes,
            compatibleArchitectures: architectures.isEmpty ? nil : architectures, licenseInfo: license)
    }

    /// Assumed: clients show the location and do not fetch it; the code itself is not handed out again.
    func output(_ context: Context) -> Output {
        var output = listed
        output.layerArn = layer.arn.description
        output.content = Content(
            location:
                "\(context.endpoint)/_baton/lambda/layers/\(layer.account)/\(layer.region)/\(layer.name)/\(version)",
            codeSha256: codeSha256, codeSize: codeSize)
        return output
    }

    /// Whether a list for this runtime and this architecture shows the version.
    func suits(runtime: String?, architecture: String?) -> Bool {
        (runtime.map(runtimes.contains) ?? true) && (architecture.map(architectures.contains) ?? true)
    }
}

/// A layer in the settings of a function, which goes on working when the layer is deleted.
struct LayerUse: Codable, Sendable, Equatable {
    let arn: String
    let codeSha256: String
    let codeSize: Int

    private static let most = 5

    func folder(_ store: CodeStore) -> String? {
        let parts = arn.split(separator: ":").map(String.init)
        guard parts.count == 8 else { return nil }
        return store.folder(
            LayerReference(account: parts[4], region: parts[3], name: parts[6]), sha256: codeSha256)
    }

    /// The layers that a request names.
    /// Errors: InvalidParameterValueException.
    static func all(_ arns: [String], _ context: Context) throws(AWSError) -> [LayerUse] {
        guard arns.count <= most else { throw LambdaError.invalid("Cannot reference more than \(most) layers.") }
        var names: [String: String] = [:]
        for arn in arns {
            let name = arn.split(separator: ":").dropLast().joined(separator: ":")
            if let other = names.updateValue(arn, forKey: name) {
                throw LambdaError.invalid(
                    "Two different versions of the same layer are not allowed to be referenced in the same function. "
                        + "\(other) and \(arn)")
            }
        }
        return try context.read { db in
            try arns.map { arn in
                let version = arn.split(separator: ":").last.flatMap { Int($0) } ?? 0
                do {
                    let layer = try LayerVersion.find(LayerReference(arn, context), version, db)
                    return LayerUse(arn: layer.arn, codeSha256: layer.codeSha256, codeSize: layer.codeSize)
                } catch is AWSError {
                    throw LambdaError.invalid("Layer version \(arn) does not exist.")
                }
            }
        }
    }
}

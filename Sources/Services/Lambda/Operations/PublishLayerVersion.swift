import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Makes a version of a layer from a zip package, which functions find where they find `/opt` on AWS: its `python`,
/// `nodejs/node_modules`, `bin` and `lib` in their search paths. Numbers of deleted versions do not come again.
/// Errors: InvalidParameterValueException. Source: Lambda API reference, PublishLayerVersion.
enum PublishLayerVersion: Operation {
    struct Input: Decodable, Sendable {
        let layerName: String
        let description: String?
        let content: CodeInput
        let compatibleRuntimes: [String]?
        let compatibleArchitectures: [String]?
        let licenseInfo: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> LayerVersion.Output {
        let layer = LayerReference(input.layerName, context)
        let zip = try await input.content.load(context)
        let package = try await context.service(Lambda.self).code().unpack(zip, layer)
        let version = try await context.write { transaction in
            let last: Int? = try transaction.row(
                "SELECT max(version) AS last FROM lambda_layer_version WHERE account = ? AND region = ? AND name = ?",
                layer.account, layer.region, layer.name)?["last"]
            let number = (last ?? 0) + 1
            try transaction.execute(
                """
                INSERT INTO lambda_layer_version (account, region, name, version, description, runtimes, architectures,
                    license, code_sha256, code_size, created_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, layer.account, layer.region, layer.name, number, input.description,
                try JSON(encoding: input.compatibleRuntimes ?? []).text(),
                try JSON(encoding: input.compatibleArchitectures ?? []).text(), input.licenseInfo, package.sha256,
                package.size, transaction.nowMs)
            return try LayerVersion.find(layer, number, transaction.db)
        }
        return version.output(context)
    }
}

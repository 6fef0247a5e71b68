import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The versions of a layer, the newest first, 50 at a time.
/// Source: Lambda API reference, ListLayerVersions.
enum ListLayerVersions: Operation {
    struct Input: Decodable, Sendable {
        let layerName: String
        let compatibleRuntime: String?
        let compatibleArchitecture: String?
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let layerVersions: [LayerVersion.Output]
        let nextMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let layer = LayerReference(input.layerName, context)
        let before = try Page.place(input.marker)?["version"]?.int ?? .max
        let versions = try context.read { db in
            try db.rows(
                """
                SELECT * FROM lambda_layer_version
                WHERE account = ? AND region = ? AND name = ? AND version < ? AND is_deleted = 0 ORDER BY version DESC
                """, layer.account, layer.region, layer.name, before
            ).map(LayerVersion.init)
        }.filter { $0.suits(runtime: input.compatibleRuntime, architecture: input.compatibleArchitecture) }
        let page = versions.prefix(Page.size(input.maxItems))
        return Output(
            layerVersions: page.map(\.listed),
            nextMarker: page.count < versions.count
                ? page.last.map { PageToken.encode(["version": .number($0.version)]) } : nil)
    }
}

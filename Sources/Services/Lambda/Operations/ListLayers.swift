import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The layers by name, each with its latest version, 50 at a time. Source: Lambda API reference, ListLayers.
enum ListLayers: Operation {
    struct Input: Decodable, Sendable {
        let compatibleRuntime: String?
        let compatibleArchitecture: String?
        let marker: String?
        let maxItems: Int?
    }
    struct Layer: Encodable, Sendable {
        let layerName: String
        let layerArn: String
        let latestMatchingVersion: LayerVersion.Output
    }
    struct Output: Encodable, Sendable {
        let layers: [Layer]
        let nextMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let after = try Page.place(input.marker)?["name"]?.string ?? ""
        let versions = try context.read { db in
            try db.rows(
                """
                SELECT * FROM lambda_layer_version WHERE account = ? AND region = ? AND name > ? AND is_deleted = 0
                ORDER BY name, version DESC
                """, context.account, context.region, after
            ).map(LayerVersion.init)
        }.filter { $0.suits(runtime: input.compatibleRuntime, architecture: input.compatibleArchitecture) }
        var seen: Set<String> = []
        let latest = versions.filter { seen.insert($0.layer.name).inserted }
        let page = latest.prefix(Page.size(input.maxItems))
        return Output(
            layers: page.map {
                Layer(layerName: $0.layer.name, layerArn: $0.layer.arn.description, latestMatchingVersion: $0.listed)
            },
            nextMarker: page.count < latest.count
                ? page.last.map { PageToken.encode(["name": .string($0.layer.name)]) } : nil)
    }
}

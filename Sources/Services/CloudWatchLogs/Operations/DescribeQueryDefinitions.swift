import AWSWire
import BatonCore
import BatonStore
import JSON

/// The queries that have been kept, by name.
/// Source: CloudWatch Logs API reference, DescribeQueryDefinitions.
enum DescribeQueryDefinitions: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let prefix = input["queryDefinitionNamePrefix"]?.string ?? ""
        let definitions = try LogDocument.all(.definition, context)
            .filter { ($0.body["name"]?.string ?? "").hasPrefix(prefix) }
            .sorted { ($0.body["name"]?.string ?? "", $0.id) < ($1.body["name"]?.string ?? "", $1.id) }
        let (page, token) = try ListPage.of(definitions, input) { $0.id }
        var output: JSON = ["queryDefinitions": .array(page.map(\.body))]
        output["nextToken"] = token
        return output
    }
}

import AWSWire
import BatonCore
import BatonStore
import JSON

/// The queries of the last seven days, the latest first.
/// Source: CloudWatch Logs API reference, DescribeQueries.
enum DescribeQueries: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let queries = try LogDocument.all(.query, context).filter { query in
            (input["logGroupName"].map { query.body["groups"]?.array?.contains($0) == true } ?? true)
                && (input["status"] ?? query.body["status"]) == query.body["status"]
        }.sorted { ($0.body["createTime"]?.int ?? 0, $0.id) > ($1.body["createTime"]?.int ?? 0, $1.id) }
        let (page, token) = try ListPage.of(queries, input) { $0.id }
        var output: JSON = [
            "queries": .array(
                page.map { query in
                    var shown: JSON = ["queryLanguage": "CWLI"]
                    for name in ["queryId", "queryString", "status", "createTime"] { shown[name] = query.body[name] }
                    shown["logGroupName"] = query.body["groups"]?.array?.first
                    return shown
                })
        ]
        output["nextToken"] = token
        return output
    }
}

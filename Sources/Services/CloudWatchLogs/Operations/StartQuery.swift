import AWSWire
import BatonCore
import BatonStore
import JSON

/// Starts a query over up to 50 groups, between two times (seconds since 1970, inclusive). Its results come with
/// GetQueryResults. The language is that of Logs Insights; SQL and PPL are not there.
/// Errors: MalformedQueryException, InvalidParameterException, ResourceNotFoundException.
/// Source: CloudWatch Logs API reference, StartQuery.
enum StartQuery: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        guard (input["queryLanguage"] ?? "CWLI") == "CWLI" else {
            throw LogsError.invalid("Baton answers queries of the language CWLI alone.")
        }
        let text = input["queryString"]?.string ?? ""
        _ = try QueryParser.stages(text)
        let names = try groups(input)
        let (start, end) = (ms(input["startTime"]), ms(input["endTime"]))
        guard start <= end else { throw LogsError.invalid("End time should not be less than start time") }
        let id = context.random.uuid()
        var body: JSON = [
            "queryId": .string(id), "queryString": .string(text), "status": "Running", "startMs": .number(start),
            // To the end of the second.
            "endMs": .number(end + 999), "groups": .array(names.map(JSON.string)),
        ]
        body["limit"] = input["limit"]
        return { [body] transaction in
            for name in names { _ = try transaction.db.logGroup(GroupReference(name, context)) }
            try transaction.execute(
                "DELETE FROM logs_document WHERE kind = 'query' AND changed_ms < ?", transaction.nowMs - LogQuery.keptMs
            )
            var body = body
            body["createTime"] = .number(Int(transaction.nowMs))
            try LogDocument.put(.query, id, body, context, transaction)
            try transaction.schedule(
                LogQuery.kind, atMs: transaction.nowMs, account: context.account, region: context.region, key: id)
            return ["queryId": .string(id)]
        }
    }

    private static func groups(_ input: JSON) throws(AWSError) -> [String] {
        let given = [
            input["logGroupName"].map { [$0] }, input["logGroupNames"]?.array, input["logGroupIdentifiers"]?.array,
        ].compactMap { $0 }
        guard given.count == 1, let names = given.first, (1...50).contains(names.count) else {
            throw LogsError.invalid(
                "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.")
        }
        return names.compactMap(\.string).map { name in ARN(name).map { GroupReference($0).name } ?? name }
    }

    /// Seconds; what would be a time in the far future is milliseconds. Assumed: as the console sends them.
    private static func ms(_ time: JSON?) -> Int {
        let time = max(0, time?.int ?? 0)
        return time < 100_000_000_000 ? time * 1000 : time
    }
}

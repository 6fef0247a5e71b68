import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Where a rule sends events to. `settings` is the member tree of the API's Target, from which parts are read on use.
struct Target: Equatable, Sendable {
    static let limit = 5

    let id: String
    let arn: String
    let settings: JSON

    init(_ settings: JSON) {
        id = settings["Id"]?.string ?? ""
        arn = settings["Arn"]?.string ?? ""
        self.settings = settings
    }

    init(_ row: Row) throws { self.init(try JSON.parse(row["body"] as String)) }

    static func list(_ rule: Rule, _ db: Database) throws -> [Target] {
        try db.rows(
            """
            SELECT body FROM events_target WHERE account = ? AND region = ? AND bus = ? AND rule = ? ORDER BY id
            """, rule.account, rule.region, rule.bus, rule.name
        ).map { try Target($0) }
    }

    func save(_ rule: Rule, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT OR REPLACE INTO events_target (account, region, bus, rule, id, arn, body)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, rule.account, rule.region, rule.bus, rule.name, id, arn, settings.text())
    }

    var deadLetterQueue: ARN? { settings["DeadLetterConfig"]?["Arn"]?.string.flatMap { ARN($0) } }
    var policy: TargetRetryPolicy { TargetRetryPolicy(settings["RetryPolicy"]) }

    // MARK: Checks

    /// - Throws: ValidationException for what the whole request is refused for.
    func check(_ context: Context) throws(AWSError) {
        guard let arn = ARN(arn) else {
            throw EventsError.validation(
                "Parameter \(arn) is not valid. Reason: Provided Arn is not in correct format.")
        }
        if arn.service == "sqs", arn.resource.hasSuffix(".fifo"), settings["SqsParameters"] == nil {
            throw EventsError.validation("Parameter(s) SqsParameters must be specified for target: \(id).")
        }
        if arn.service == "batch", settings["BatchParameters"] == nil {
            throw EventsError.validation("Parameter(s) BatchParameters must be specified for target: \(id).")
        }
        if arn.service == "ecs", settings["EcsParameters"] == nil {
            throw EventsError.validation("Parameter(s) EcsParameters must be specified for target: \(id).")
        }
        let inputs = ["Input", "InputPath", "InputTransformer"].filter { settings[$0] != nil }
        guard inputs.count <= 1 else {
            throw EventsError.validation(
                "Only one of Input, InputPath, or InputTransformer must be provided for target \(id).")
        }
        if let input = settings["Input"]?.string, (try? JSON.parse(input)) == nil {
            throw EventsError.validation(
                "Parameter Input is not valid. Reason: JSON syntax error in input for target \(id).")
        }
        if let path = settings["InputPath"]?.string, EventPath(path) == nil {
            throw EventsError.validation(
                "Parameter InputPath is not valid. Reason: Invalid InputPath for target \(id).")
        }
        try checkTransformer()
    }

    private func checkTransformer() throws(AWSError) {
        guard let given = settings["InputTransformer"] else { return }
        for path in given["InputPathsMap"]?.object?.values ?? [] where EventPath(path.string ?? "") == nil {
            throw EventsError.validation("Invalid InputPathsMap path for target \(id).")
        }
        let transformer = InputTransformer(given)
        if let unknown = transformer.unknownPlaceholder {
            throw EventsError.validation("InputTemplate for target \(id) contains invalid placeholder \(unknown).")
        }
    }

    /// Why Baton cannot serve this target although AWS can; nil when it can.
    func obstacle(_ context: Context) -> String? {
        guard let arn = ARN(arn) else { return nil }
        let service = TargetCall.service(of: arn)
        return context.host.registry.has(service)
            ? nil : "Baton has no service \(service) yet; route it with --route \(service)=aws"
    }
}

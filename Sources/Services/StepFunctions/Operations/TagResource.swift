import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Sets tags of a state machine or an activity.
/// Errors: InvalidArn, ResourceNotFound, TooManyTags. Source: Step Functions API reference, TagResource.
enum TagResource: WriteOperation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [Tag]
    }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let place = try Tagged(input.resourceArn)
        return { tx in
            let tags = try Tag.merged(try place.tags(tx.db), input.tags, arn: input.resourceArn)
            try place.store(tags, tx)
            return Nothing()
        }
    }
}

/// A resource that has tags: a machine or an activity.
struct Tagged: Sendable {
    private let arn: String
    private let table: String
    private let owner: (account: String, region: String, name: String)

    init(_ text: String) throws(AWSError) {
        arn = text
        let (parsed, parts) = try StatesARN.parts(text)
        // Versions and aliases have no tags.
        guard parts.count == 2 else { throw StepFunctionsError.resourceNotFound(text) }
        switch parts[0] {
        case "stateMachine": table = "sfn_state_machine"
        case "activity": table = "sfn_activity"
        default: throw StepFunctionsError.invalidArn("Resource type not valid in this context: \(parts[0])")
        }
        owner = (parsed.account, parsed.region, parts[1])
    }

    func tags(_ db: Database) throws -> [Tag] {
        let row = try db.row(
            "SELECT tags FROM \(table) WHERE account = ? AND region = ? AND name = ?", owner.account, owner.region,
            owner.name)
        guard let row else { throw StepFunctionsError.resourceNotFound(arn) }
        return try StoredJSON.value([Tag].self, row["tags"]) ?? []
    }

    func store(_ tags: [Tag], _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE \(table) SET tags = ? WHERE account = ? AND region = ? AND name = ?", StoredJSON.text(tags),
            owner.account, owner.region, owner.name)
    }
}

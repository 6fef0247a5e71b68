import AWSWire
import BatonCore
import BatonStore
import JSON

/// Takes one statement, or all, from a bus's policy. Errors: ResourceNotFoundException. Source: API reference,
/// RemovePermission.
enum RemovePermission: WriteOperation {
    struct Input: Decodable, Sendable {
        let statementId: String?
        let removeAllPermissions: Bool?
        let eventBusName: String?
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        guard input.statementId != nil || input.removeAllPermissions == true else {
            throw EventsError.validation("Parameter StatementId must be specified.")
        }
        return BusChange.write(BusKey(input.eventBusName, context)) { bus in
            if input.removeAllPermissions == true {
                bus.policy = nil
                return Nothing()
            }
            guard let policy = bus.policy else { throw EventsError.notFound("EventBus does not have a policy.") }
            let statements = policy["Statement"]?.array ?? []
            let left = statements.filter { $0["Sid"]?.string != input.statementId }
            guard left.count < statements.count else {
                throw EventsError.notFound("Statement with the provided id does not exist.")
            }
            bus.policy = left.isEmpty ? nil : ["Version": "2012-10-17", "Statement": .array(left)]
            return Nothing()
        }
    }
}

import JSON

/// The event that a publisher sends: a JSON object with the job's id. Everything else in it is ignored, except
/// `variables` for a job that allows them.
struct Trigger: Equatable {
    /// The id as text, and as the attribute that is the table's key.
    var jobId: String
    var key: JSON
    var variables: JSON.Object

    static func parse(_ message: String, settings: Settings) throws(Rejection) -> Trigger {
        guard let event = try? JSON.parse(message), let members = event.object else {
            throw Rejection("Message is not a JSON object")
        }
        guard let id = members[settings.primaryKey] else {
            throw Rejection("Message lacks the key '\(settings.primaryKey)'")
        }
        let variables = members["variables"]?.object ?? [:]
        switch (id, settings.primaryKeyType) {
        case (.string(let text), "S") where !text.isEmpty:
            return Trigger(jobId: text, key: ["S": .string(text)], variables: variables)
        case (.number(let number), "N"):
            return Trigger(jobId: number.text, key: ["N": .string(number.text)], variables: variables)
        default:
            let type = settings.primaryKeyType == "N" ? "number" : "string"
            throw Rejection("Message key '\(settings.primaryKey)' is not a \(type)")
        }
    }
}

import BatonStore
import GRDB
import JSON

/// How long and how often an event is tried: the function's event invoke configuration, and its reserved concurrency.
struct EventPolicy: Sendable {
    let bounds: EventLifecycle.Bounds
    let reserved: Int?

    init(_ db: Database, _ reference: FunctionReference) throws {
        var bounds = EventLifecycle.Bounds()
        if let settings = try EventSettings.read(db, reference)?.settings {
            bounds.retries = settings.maximumRetryAttempts ?? bounds.retries
            bounds.ageMs = settings.maximumEventAgeInSeconds.map { Int64($0) * 1000 } ?? bounds.ageMs
        }
        self.bounds = bounds
        reserved = try db.functionRow(reference)?["reserved"]
    }

    func isTooOld(_ event: AsyncEvent, nowMs: Int64) -> Bool { nowMs - event.enqueuedMs > bounds.ageMs }
}

/// The settings of `lambda_event_config`.
struct EventSettings: Codable, Sendable {
    var maximumRetryAttempts: Int?
    var maximumEventAgeInSeconds: Int?
    /// ARNs.
    var onSuccess: String?
    var onFailure: String?

    /// The row of the reference's qualifier, nil when there is none.
    static func read(_ db: Database, _ reference: FunctionReference) throws -> (settings: Self, modifiedMs: Int64)? {
        let row = try db.row(
            "SELECT * FROM lambda_event_config WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
            reference.account, reference.region, reference.name, reference.qualifier ?? FunctionVersion.latest)
        guard let row else { return nil }
        return (try JSON.parse(row["settings"] as String).decoded(), row["modified_ms"])
    }

    func store(_ reference: FunctionReference, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO lambda_event_config VALUES (?, ?, ?, ?, ?, ?)", reference.account,
            reference.region, reference.name, reference.qualifier ?? FunctionVersion.latest,
            try JSON(encoding: self).text(), transaction.nowMs)
    }
}

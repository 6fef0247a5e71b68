import JSON

/// A schedule document, or one run of it: a history row is the same document with what has become of it.
///
/// Members that nobody here knows stay as they are. `" "`, `""` and an absent member mean the same: unset.
struct Schedule: Equatable, Sendable {
    private(set) var document: JSON.Object
    var jobs: [Job]

    /// Seconds between two looks at the jobs, where the document says nothing.
    static let defaultWaitSeconds = 60

    init(_ json: JSON) {
        document = json.object ?? [:]
        jobs = (document["jobList"]?.array ?? []).map(Job.init)
    }

    /// The whole document, every known member in its own form: `wait_time` is a number again.
    var json: JSON {
        var whole = document
        whole["jobList"] = .array(jobs.map(\.json))
        whole["wait_time"] = .number(waitSeconds)
        return .object(whole)
    }

    subscript(name: Name) -> String? {
        get { document[name.rawValue].flatMap(Self.text) }
        set { document[name.rawValue] = .string(newValue ?? Self.unset) }
    }

    enum Name: String {
        case id = "scheduleId", name = "scheduleName", topic = "scheduleSnsTopic"
        case message = "scheduleMessage", started = "startDateTime", last = "lastDateTime"
        case onFailure, executionArn
        /// Which submission wrote the row last.
        case submission
    }

    var id: String { self[.id] ?? "" }
    var name: String { self[.name] ?? id }

    var status: ScheduleStatus? {
        get { document["scheduleStatus"].flatMap(Self.text).flatMap(ScheduleStatus.init) }
        set { document["scheduleStatus"] = .string(newValue?.rawValue ?? Self.unset) }
    }

    /// `wait_time`, a number or its text; at least 1.
    var waitSeconds: Int {
        let value = document["wait_time"]
        let seconds = value?.int ?? value?.string.flatMap { Int($0.filter { $0 != " " }) }
        return max(1, seconds ?? Self.defaultWaitSeconds)
    }

    var restartCount: Int {
        get { document["restartCount"]?.int ?? 0 }
        set { document["restartCount"] = .number(newValue) }
    }

    /// Whether the first failure ends the other jobs too.
    var terminatesOnFailure: Bool { self[.onFailure] == "terminate" }

    mutating func fail(_ message: String) {
        status = .failed
        self[.message] = message
    }

    // MARK: Unset members

    static let unset = " "

    static func text(_ value: JSON) -> String? {
        guard let text = value.string, text.contains(where: { $0 != " " }) else { return nil }
        return text
    }
}

enum ScheduleStatus: String, Sendable {
    case restart = "RESTART", running = "RUNNING", succeeded = "SUCCEEDED", failed = "FAILED"
}

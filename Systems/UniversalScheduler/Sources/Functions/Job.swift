import JSON

/// One job of a schedule.
struct Job: Equatable, Sendable {
    private(set) var document: JSON.Object

    init(_ json: JSON) { document = json.object ?? [:] }

    var json: JSON { .object(document) }

    var name: String { text("jobName") ?? "" }
    var queue: String { text("jobQueue") ?? "" }
    var definition: String { text("jobDefinition") ?? "" }
    /// The names of the jobs that this one waits for.
    var dependencies: [String] { (document["jobDependencies"]?.array ?? []).compactMap(\.string) }

    /// Batch's id. It is kept as Batch's answer shows it, `{"jobId": "…"}`; a bare text is read as well.
    var id: String? {
        get {
            let value = document["jobId"]
            return (value?["jobId"] ?? value).flatMap(Schedule.text)
        }
        set { document["jobId"] = newValue.map { ["jobId": .string($0)] } ?? .string(Schedule.unset) }
    }

    /// nil: not submitted in this run. What nobody knows counts as final, as it is not Batch's.
    var status: JobStatus? {
        get { text("jobStatus").map { JobStatus(rawValue: $0) ?? .notFound } }
        set { document["jobStatus"] = .string(newValue?.rawValue ?? Schedule.unset) }
    }

    /// Why the job failed.
    var message: String? {
        get { text("jobMessage") }
        set { document["jobMessage"] = newValue.map(JSON.string) }
    }

    mutating func reset() {
        id = nil
        status = nil
        message = nil
    }

    private func text(_ name: String) -> String? { document[name].flatMap(Schedule.text) }

    // MARK: Submitting

    /// Members of the document that go to Batch as they are.
    private static let passedThrough = [
        "parameters", "containerOverrides", "retryStrategy", "timeout", "arrayProperties", "nodeOverrides",
        "ecsPropertiesOverride", "eksPropertiesOverride", "schedulingPriorityOverride", "shareIdentifier",
        "propagateTags", "consumableResourcePropertiesOverride",
    ]

    /// What `SubmitJob` gets.
    /// - Parameters:
    ///   - dependencies: Batch's ids of the jobs to wait for.
    ///   - submission: marks the job, so that a repeated submission finds it.
    func request(dependsOn dependencies: [String], submission: String) -> JSON {
        var request: JSON.Object = [
            "jobName": .string(name), "jobQueue": .string(queue), "jobDefinition": .string(definition),
            "tags": tags(submission),
        ]
        if !dependencies.isEmpty {
            request["dependsOn"] = .array(dependencies.map { ["jobId": .string($0), "type": "SEQUENTIAL"] })
        }
        for name in Self.passedThrough { request[name] = document[name] }
        return .object(request)
    }

    private func tags(_ submission: String) -> JSON {
        var tags = document["tags"]?.object ?? [:]
        tags[Self.submissionTag] = .string(submission)
        return .object(tags)
    }

    static let submissionTag = "schedule-submission"
}

enum JobStatus: String, Sendable {
    case submitted = "SUBMITTED", pending = "PENDING", runnable = "RUNNABLE", starting = "STARTING"
    case running = "RUNNING", succeeded = "SUCCEEDED", failed = "FAILED"
    /// Batch does not know the job any more.
    case notFound = "NOTFOUND"
    /// The operator's word that the job need not run. Both mean the same.
    case pass = "PASS", skip = "SKIP"

    /// Counts as done for those that depend on it.
    var isDone: Bool { self == .succeeded || self == .pass || self == .skip }
    var isFailure: Bool { self == .failed || self == .notFound }
    /// Batch is still at it.
    var isLive: Bool { !isDone && !isFailure }
    /// It may still be refused its start by a dependency that fails.
    var isWaiting: Bool { self == .submitted || self == .pending }
}

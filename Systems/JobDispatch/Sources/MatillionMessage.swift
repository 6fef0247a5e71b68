import JSON

/// The document by which Matillion ETL starts a job, and the five names that bring its reply back to the run.
enum MatillionMessage {
    private static let names = ["group", "environment", "project", "job", "version"]

    /// Exactly the five names, and `variables` where there are some: with the moment of dispatch as `lambdaId`.
    static func body(
        _ message: ConfigReader, overrides: JSON.Object, nowMs: Int64
    ) throws(Rejection) -> JSON {
        var body = JSON.Object()
        for name in names { body[name] = .string(try message.string(name)) }
        var variables = try message.object(ifPresent: "variables")
        for (key, value) in overrides { variables = (variables ?? [:]).setting(key, value) }
        body["variables"] = variables.map { .object($0.setting("lambdaId", .number(Int(nowMs / 1000)))) }
        return .object(body)
    }

    /// What a run waits for: the names of the job in one text.
    static func awaiting(body: JSON) -> String? {
        key(["group", "project", "version", "environment", "job"].map { body[$0]?.string })
    }

    /// The same text from a reply; nil when the reply lacks a name.
    static func awaiting(reply: JSON) -> String? {
        key(["groupName", "projectName", "versionName", "environmentName", "jobName"].map { reply[$0]?.string })
    }

    private static func key(_ names: [String?]) -> String? {
        let present = names.compactMap { $0 }
        return present.count == names.count ? JSON.array(present.map(JSON.string)).text() : nil
    }
}

extension JSON.Object {
    func setting(_ key: String, _ value: JSON) -> JSON.Object {
        var copy = self
        copy[key] = value
        return copy
    }
}

import JSON

/// One attempt as DescribeJobs shows it.
enum AttemptDetail {
    static func json(_ end: AttemptEnd, _ job: JobRecord) -> JSON {
        var container: JSON = [
            "containerInstanceArn": .string(job.instanceArn), "taskArn": .string(job.taskArn ?? ""),
            "networkInterfaces": [],
        ]
        container["exitCode"] = end.exitCode.map(JSON.number)
        container["reason"] = end.reason.map(JSON.string)
        container["logStreamName"] = job.logStream.map(JSON.string)
        var result: JSON = ["container": container]
        result["startedAt"] = end.startedMs.map { .number(Int($0)) }
        result["stoppedAt"] = .number(Int(end.stoppedMs))
        result["statusReason"] = .string(end.statusReason)
        if !end.containers.isEmpty {
            result["taskProperties"] = [
                [
                    "containerInstanceArn": .string(job.instanceArn), "taskArn": .string(job.taskArn ?? ""),
                    "containers": .array(end.containers.map(\.json)),
                ]
            ]
        }
        return result
    }

    /// A JSON array with one element more.
    static func appended(_ end: AttemptEnd, _ job: JobRecord, to attempts: String) -> String {
        let text = json(end, job).text()
        return attempts == "[]" ? "[\(text)]" : "\(attempts.dropLast()),\(text)]"
    }
}

extension JobRecord {
    /// The id of the task of an attempt is the last part of its log stream.
    var taskId: String? { logStream?.split(separator: "/").last.map(String.init) }

    var taskArn: String? { taskId.map { "arn:aws:ecs:\(region):\(account):task/baton/\($0)" } }

    /// This machine.
    var instanceArn: String { "arn:aws:ecs:\(region):\(account):container-instance/baton/localhost" }
}

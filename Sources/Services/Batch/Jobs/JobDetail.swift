import BatonStore
import GRDB
import JSON

/// A job as DescribeJobs shows it.
enum JobDetail {
    static func json(_ row: Row, _ batch: Batch, _ db: Database) throws -> JSON {
        let job = JobRecord(row)
        let spec = try batch.specs.spec(job, db)
        return try json(job, spec, tags: row["tags"] as String?, db)
    }

    static func json(_ job: JobRecord, _ spec: JobSpec, tags: String?, _ db: Database) throws -> JSON {
        let json = spec.json
        var result: JSON = [
            "jobArn": .string(job.arn), "jobName": .string(job.name), "jobId": .string(job.id),
            "jobQueue": json["jobQueue"] ?? "", "status": .string(job.status.name),
            "attempts": JSON.stored(job.attempts), "createdAt": .number(Int(job.createdMs)),
            "dependsOn": json["dependsOn"] ?? [],
            "jobDefinition": .string(
                ResourceKind.definition.arn(job.definition, account: job.account, region: job.region)),
            "parameters": json["parameters"] ?? [:], "tags": tags.map(JSON.stored) ?? json["tags"] ?? [:],
            "propagateTags": json["propagateTags"] ?? false, "platformCapabilities": json["platformCapabilities"] ?? [],
            "eksAttempts": [], "retryStrategy": json["retryStrategy"] ?? [:],
        ]
        result["shareIdentifier"] = job.share.map(JSON.string)
        if json["schedulingPriority"]?.int != 0 || job.share != nil {
            result["schedulingPriority"] = json["schedulingPriority"]
        }
        result["statusReason"] = job.reason.map(JSON.string)
        result["startedAt"] = job.startedMs.map { .number(Int($0)) }
        result["stoppedAt"] = job.stoppedMs.map { .number(Int($0)) }
        result["timeout"] = json["timeout"]
        result["consumableResourceProperties"] = json["consumableResourceProperties"]
        if job.isCancelled { result["isCancelled"] = true }
        if job.isTerminated { result["isTerminated"] = true }
        try addKind(job, spec, &result, db)
        addContainers(&result, job)
        return result
    }

    private static func addKind(_ job: JobRecord, _ spec: JobSpec, _ result: inout JSON, _ db: Database) throws {
        let json = spec.json
        switch job.kind {
        case .array:
            result["arrayProperties"] = try array(job, spec, db)
            result["container"] = container(json["container"] ?? [:], job)
        case .child:
            result["arrayProperties"] = ["index": .number(job.childIndex ?? 0), "statusSummary": [:]]
            result["container"] = container(json["container"] ?? [:], job)
        case .multinode: result["nodeProperties"] = json["nodeProperties"]
        case .node:
            let index = job.childIndex ?? 0
            result["nodeDetails"] = ["nodeIndex": .number(index), "isMainNode": .bool(index == spec.mainNode)]
            let group = spec.nodeGroup(index)
            if let properties = group?["container"] { result["container"] = container(properties, job) }
            result["ecsProperties"] = group?["ecsProperties"]
            result["eksProperties"] = group?["eksProperties"]
        case .single:
            if let properties = json["container"] { result["container"] = container(properties, job) }
            result["ecsProperties"] = json["ecsProperties"]
            result["eksProperties"] = json["eksProperties"]
        }
    }

    /// What became of each container of a task or pod, from the attempts.
    private static func addContainers(_ result: inout JSON, _ job: JobRecord) {
        let attempts = result["attempts"]?.array ?? []
        let last = attempts.last?["taskProperties"]?[0]?["containers"]?.array ?? []
        if var task = result["ecsProperties"]?["taskProperties"]?[0] {
            task["containers"] = merged(task["containers"], last)
            task["taskArn"] = job.taskArn.map(JSON.string)
            task["containerInstanceArn"] = job.taskArn == nil ? nil : .string(job.instanceArn)
            result["ecsProperties"] = ["taskProperties": [task]]
        }
        guard var pod = result["eksProperties"]?["podProperties"] else { return }
        let first = pod["initContainers"]?.array?.count ?? 0
        pod["initContainers"] = merged(pod["initContainers"], Array(last.prefix(first)))
        pod["containers"] = merged(pod["containers"], Array(last.dropFirst(first)))
        pod["podName"] = job.taskId.map { .string("aws-batch.\($0)") }
        result["eksProperties"] = ["podProperties": pod]
        result["eksAttempts"] = .array(
            attempts.map { attempt in
                let all = attempt["taskProperties"]?[0]?["containers"]?.array ?? []
                return JSON.members([
                    ("initContainers", .array(Array(all.prefix(first)))),
                    ("containers", .array(Array(all.dropFirst(first)))), ("nodeName", "localhost"),
                    ("startedAt", attempt["startedAt"]), ("stoppedAt", attempt["stoppedAt"]),
                    ("statusReason", attempt["statusReason"]),
                ])
            })
        result["attempts"] = []
    }

    /// Containers as they were defined, each with its end.
    private static func merged(_ containers: JSON?, _ ends: [JSON]) -> JSON? {
        guard let containers = containers?.array else { return nil }
        return .array(
            containers.enumerated().map { index, container in
                guard ends.indices.contains(index), let end = ends[index].object else { return container }
                var result = container
                for (name, value) in end where name != "name" { result[name] = value }
                return result
            })
    }

    private static func container(_ properties: JSON, _ job: JobRecord) -> JSON {
        var result = properties
        for list in [
            "command", "environment", "mountPoints", "networkInterfaces", "resourceRequirements", "secrets", "ulimits",
            "volumes",
        ] where result[list] == nil { result[list] = [] }
        result["exitCode"] = job.exitCode.map(JSON.number)
        result["reason"] = job.exitReason.map(JSON.string)
        if let stream = job.logStream {
            result["logStreamName"] = .string(stream)
            result["taskArn"] = job.taskArn.map(JSON.string)
            result["containerInstanceArn"] = .string(job.instanceArn)
        }
        return result
    }

    /// Counts of children by state.
    static func array(_ job: JobRecord, _ spec: JobSpec, _ db: Database) throws -> JSON {
        var counts: JSON = [:]
        for status in JobStatus.allCases { counts[status.name] = 0 }
        let rows = try db.rows("SELECT status, count(*) AS n FROM batch_job WHERE parent = ? GROUP BY status", job.seq)
        for row in rows {
            if let status = JobStatus(rawValue: row["status"]) { counts[status.name] = .number(row["n"] as Int) }
        }
        return [
            "statusSummary": counts, "size": .number(spec.arraySize ?? 0),
            "statusSummaryLastUpdatedAt": .number(Int(job.stoppedMs ?? job.createdMs)),
        ]
    }
}

/// A job as ListJobs shows it.
enum JobSummary {
    static func json(_ row: Row, _ batch: Batch, _ db: Database) throws -> JSON {
        let job = JobRecord(row)
        var result: JSON = [
            "jobArn": .string(job.arn), "jobId": .string(job.id), "jobName": .string(job.name),
            "createdAt": .number(Int(job.createdMs)), "status": .string(job.status.name),
            "jobDefinition": .string(
                ResourceKind.definition.arn(job.definition, account: job.account, region: job.region)),
        ]
        result["shareIdentifier"] = job.share.map(JSON.string)
        result["statusReason"] = job.reason.map(JSON.string)
        result["startedAt"] = job.startedMs.map { .number(Int($0)) }
        result["stoppedAt"] = job.stoppedMs.map { .number(Int($0)) }
        if job.exitCode != nil || job.exitReason != nil {
            result["container"] = JSON.members([
                ("exitCode", job.exitCode.map(JSON.number)), ("reason", job.exitReason.map(JSON.string)),
            ])
        }
        switch job.kind {
        case .array: result["arrayProperties"] = try JobDetail.array(job, batch.specs.spec(job, db), db)
        case .child: result["arrayProperties"] = ["index": .number(job.childIndex ?? 0)]
        case .multinode:
            let spec = try batch.specs.spec(job, db)
            result["nodeProperties"] = ["numNodes": .number(spec.numNodes ?? 0)]
        case .node:
            let spec = try batch.specs.spec(job, db)
            result["nodeProperties"] = [
                "nodeIndex": .number(job.childIndex ?? 0), "isMainNode": .bool(job.childIndex == spec.mainNode),
                "numNodes": .number(spec.numNodes ?? 0),
            ]
        case .single: break
        }
        return result
    }
}

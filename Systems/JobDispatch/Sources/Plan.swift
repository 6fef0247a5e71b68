import AWSClient
import JSON

/// What is to be done for one event: start a job, or give it up for good.
enum Plan: Equatable {
    case start(Start)
    case reject(Rejection)

    struct Start: Equatable {
        var type: JobType
        var call: Call
        var config: ConfigReader
        /// What a reply must name to belong to this run; nil where no reply is expected.
        var awaiting: String?
    }

    /// - Parameter item: the row of the configuration table as DynamoDB returns it, nil when there is none.
    static func of(item: JSON?, trigger: Trigger, run: Run, tableName: String) -> (plan: Plan, jobType: String?) {
        guard let item else {
            let text = "DynamoDB Table Key '\(trigger.jobId)' not found in table '\(tableName)'"
            return (.reject(Rejection(text)), nil)
        }
        let row = DynamoItem.plain(item: item)
        let jobType = row["jobType"]?.string
        do throws(Rejection) {
            guard let jobType else { throw Rejection("Invalid configuration: jobType") }
            let type = try JobType(named: jobType)
            let config = try ConfigReader(row: row)
            var run = run
            if row["allowOverrides"]?.bool == true { run.overrides = trigger.variables }
            let call = try type.call(config, run)
            return (.start(Start(type: type, call: call, config: config, awaiting: awaiting(call, type))), jobType)
        } catch { return (.reject(error), jobType) }
    }

    private static func awaiting(_ call: Call, _ type: JobType) -> String? {
        guard type == .matillionQueue, case .aws(_, _, let input) = call, let text = input["MessageBody"]?.string,
            let body = try? JSON.parse(text)
        else { return nil }
        return MatillionMessage.awaiting(body: body)
    }
}

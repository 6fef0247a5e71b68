import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A compute environment: what jobs may book. `MANAGED` ones have `maxvCpus`; all of them share this machine.
struct EnvironmentRecord: Sendable {
    let id: Int64
    let account: String
    let region: String
    let name: String
    var state: String
    let type: String
    var settings: JSON
    var tags: JSON

    init(_ row: Row) {
        id = row["id"]
        account = row["account"]
        region = row["region"]
        name = row["name"]
        state = row["state"]
        type = row["type"]
        settings = JSON.stored(row["settings"])
        tags = JSON.stored(row["tags"])
    }

    var arn: String { ResourceKind.environment.arn(name, account: account, region: region) }

    var slurm: Slurm.Target? { Slurm.Target { tags[$0]?.string } }

    var scheduled: Schedule.Environment {
        let most = settings["computeResources"]?["maxvCpus"]?.int
        return Schedule.Environment(
            vcpus: most.map { $0 * 1000 } ?? Int.max / 2, isEnabled: state == "ENABLED", isLocal: slurm == nil)
    }

    /// As DescribeComputeEnvironments shows it.
    var detail: JSON {
        var result = settings
        result["computeEnvironmentName"] = .string(name)
        result["computeEnvironmentArn"] = .string(arn)
        result["state"] = .string(state)
        result["type"] = .string(type)
        result["status"] = "VALID"
        result["statusReason"] = "ComputeEnvironment Healthy"
        result["tags"] = tags
        return result
    }

    static func find(_ text: String, _ context: Context, _ db: Database) throws -> EnvironmentRecord? {
        try db.row(
            "SELECT * FROM batch_environment WHERE account = ? AND region = ? AND name = ?", context.account,
            context.region, ResourceKind.environment.name(text)
        ).map(EnvironmentRecord.init)
    }
}

extension Batch {
    /// To be called in every transaction that changes an environment; nil when it goes.
    func changed(_ environment: EnvironmentRecord?, id: Int64, _ transaction: Transaction) {
        transaction.afterCommit { [weak self] in self?.apply(environment, id: id) }
    }

    func apply(_ environment: EnvironmentRecord?, id: Int64) {
        names.set(environment: environment?.name, id)
        names.set(slurm: environment?.slurm, id)
        dispatcher.configure { $0.set(environment?.scheduled, id: id) }
    }
}

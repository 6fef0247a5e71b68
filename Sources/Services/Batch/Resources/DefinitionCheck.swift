import AWSWire
import BatonCore
import JSON

/// What RegisterJobDefinition and SubmitJob check beyond the model. `Assumed:` most texts.
enum DefinitionCheck {
    static func retries(_ strategy: JSON?, _ context: Context) throws(AWSError) {
        guard let strategy else { return }
        if let attempts = strategy["attempts"]?.int, !Limits.attempts.contains(attempts) {
            throw BatchError.executing("Job attempts should be between 1 and 10", context)
        }
        let rules = strategy["evaluateOnExit"]?.array ?? []
        guard rules.count <= Limits.evaluations else {
            throw BatchError.executing("evaluateOnExit can have at most 5 conditions", context)
        }
        for rule in rules {
            let code = rule["onExitCode"]?.string
            let texts = [code, rule["onReason"]?.string, rule["onStatusReason"]?.string]
            guard texts.contains(where: { $0 != nil }) else {
                throw BatchError.executing(
                    "evaluateOnExit must have at least one of onStatusReason, onReason, onExitCode", context)
            }
            guard texts.allSatisfy({ ($0 ?? "").utf8.count <= 512 && !($0 ?? "").dropLast().contains("*") }) else {
                throw BatchError.executing(
                    "evaluateOnExit patterns have at most 512 characters and a * only at their end", context)
            }
            if let code, !code.allSatisfy({ ("0"..."9").contains($0) || $0 == "*" }) || code.isEmpty {
                throw BatchError.executing("onExitCode can only contain numbers, and end with *", context)
            }
        }
    }

    static func timeout(_ timeout: JSON?, least: Int, _ context: Context) throws(AWSError) {
        guard let seconds = timeout?["attemptDurationSeconds"]?.int, seconds < least else { return }
        throw BatchError.executing("Timeout attemptDurationSeconds should be at least \(least) seconds", context)
    }

    static func priority(_ priority: Int?, _ context: Context) throws(AWSError) {
        guard let priority, !(0...9999).contains(priority) else { return }
        throw BatchError.executing("Scheduling priority should be between 0 and 9999", context)
    }

    /// The properties of a job, or of the nodes of one: exactly one kind, each container with its needs.
    static func properties(_ settings: JSON, _ context: Context) throws(AWSError) {
        let kinds = ["containerProperties", "ecsProperties", "eksProperties", "container"]
            .filter { settings[$0] != nil }
        guard kinds.count == 1 else {
            throw BatchError.executing(
                kinds.isEmpty
                    ? "Container properties, ECS properties or EKS properties must be provided"
                    : "Only one of containerProperties, ecsProperties or eksProperties may be provided", context)
        }
        if let tasks = settings["ecsProperties"]?["taskProperties"]?.array, tasks.count != 1 {
            throw BatchError.executing("ecsProperties must contain exactly one taskProperties element", context)
        }
        let containers = ContainerSpec.all(settings)
        guard containers.contains(where: { !$0.isInit }) else {
            throw BatchError.executing("At least one container must be provided", context)
        }
        if settings["eksProperties"] == nil {
            for container in containers {
                guard container.needs.vcpus > 0 else {
                    throw BatchError.executing(
                        "Container properties must specify VCPU in resourceRequirements", context)
                }
                guard container.needs.memory >= 4 else {
                    throw BatchError.executing(
                        "Container properties must specify at least 4 MiB of MEMORY in resourceRequirements", context)
                }
            }
            guard containers.contains(where: \.isEssential) else {
                throw BatchError.executing("At least one container must be essential", context)
            }
        }
        let names = containers.map(\.name)
        guard Set(names).count == names.count else {
            throw BatchError.executing("Container names must be unique", context)
        }
        for name in containers.flatMap(\.dependencies).map(\.container) where !names.contains(name) {
            throw BatchError.executing("The container \(name) in dependsOn does not exist", context)
        }
    }

    static func nodes(_ properties: JSON, _ context: Context) throws(AWSError) {
        let count = properties["numNodes"]?.int ?? 0
        let main = properties["mainNode"]?.int ?? 0
        guard count >= 1 else { throw BatchError.executing("numNodes should be at least 1", context) }
        guard (0..<count).contains(main) else {
            throw BatchError.executing("mainNode should be between 0 and numNodes - 1", context)
        }
        let groups = properties["nodeRangeProperties"]?.array ?? []
        guard (1...5).contains(groups.count) else {
            throw BatchError.executing("nodeRangeProperties should have 1 to 5 node groups", context)
        }
        var covered = Set<Int>()
        for group in groups {
            guard let range = NodeRange(group["targetNodes"]?.string ?? "", count: count), range.last < count else {
                throw BatchError.executing("Node range \(group["targetNodes"]?.string ?? "") is not valid", context)
            }
            covered.formUnion(range.first...range.last)
            try self.properties(group, context)
        }
        guard covered.count == count else {
            throw BatchError.executing("Node ranges must cover all \(count) nodes", context)
        }
    }
}

import BatonStore
import GRDB
import JSON
import Synchronization

/// What was submitted, with the job definition's part and the overrides already merged. It never changes.
struct JobSpec: Sendable {
    let json: JSON
    let strategy: RetryStrategy
    /// s
    let timeoutSeconds: Int?
    let parameters: [String: String]
    let mainNode: Int?
    let numNodes: Int?
    let arraySize: Int?
    private let ownContainers: [ContainerSpec]

    init(_ json: JSON) {
        self.json = json
        ownContainers = ContainerSpec.all(json)
        strategy = RetryStrategy(json["retryStrategy"])
        timeoutSeconds = json["timeout"]?["attemptDurationSeconds"]?.int
        var parameters: [String: String] = [:]
        for (name, value) in json["parameters"]?.object ?? [:] { parameters[name] = value.string ?? "" }
        self.parameters = parameters
        mainNode = json["nodeProperties"]?["mainNode"]?.int
        numNodes = json["nodeProperties"]?["numNodes"]?.int
        arraySize = json["arraySize"]?.int
    }

    /// Whether it is a task or pod, of several containers.
    var isComposed: Bool { json["ecsProperties"] != nil || json["eksProperties"] != nil }

    /// The containers of the job, or of one of its nodes.
    func containers(node: Int?) -> [ContainerSpec] {
        node.flatMap { nodeGroup($0) }.map(ContainerSpec.all) ?? ownContainers
    }

    func nodeGroup(_ index: Int) -> JSON? {
        json["nodeProperties"]?["nodeRangeProperties"]?.array?.first { range in
            NodeRange(range["targetNodes"]?.string ?? "", count: numNodes ?? 0)?.contains(index) ?? false
        }
    }
}

/// `0:3`, `2:`, `:5` or `4`: indexes of nodes.
struct NodeRange: Equatable {
    let first: Int
    let last: Int

    init?(_ text: String, count: Int) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        guard let first = parts[0].isEmpty ? 0 : Int(parts[0]) else { return nil }
        let end = parts.count == 1 ? first : (parts[1].isEmpty ? count - 1 : Int(parts[1]))
        guard let end, first >= 0, end >= first else { return nil }
        self.first = first
        last = end
    }

    func contains(_ index: Int) -> Bool { first <= index && index <= last }
}

/// One container of a job, as far as it matters for running it.
struct ContainerSpec: Sendable {
    /// Without overrides of names: `default`, or its name in a task or pod.
    var name: String
    var image: String?
    var command: [String]
    var environment: [(name: String, value: String)]
    var secrets: [(name: String, from: String)]
    var jobRole: String?
    var isEssential: Bool
    /// Runs before the others, one after the other.
    var isInit: Bool
    /// Names of containers and what must have become of them: START, COMPLETE, SUCCESS or HEALTHY.
    var dependencies: [(container: String, condition: String)]
    /// s
    var stopTimeout: Int?
    var logGroup: String
    var logPrefix: String?
    var needs: Needs
    var user: String?
    var mounts: [Mount]

    struct Mount: Sendable {
        let source: String
        let target: String
        let isReadOnly: Bool
    }

    static func all(_ properties: JSON) -> [ContainerSpec] {
        if let tasks = properties["ecsProperties"]?["taskProperties"]?.array, let task = tasks.first {
            return (task["containers"]?.array ?? []).map { ContainerSpec($0, of: task) }
        }
        if let pod = properties["eksProperties"]?["podProperties"] {
            let first = (pod["initContainers"]?.array ?? []).map { ContainerSpec(pod: $0, isInit: true) }
            return first + (pod["containers"]?.array ?? []).map { ContainerSpec(pod: $0, isInit: false) }
        }
        guard let container = properties["container"] ?? properties["containerProperties"] else { return [] }
        return [ContainerSpec(container, of: container)]
    }

    /// A container of ECS; `owner` has the role and the volumes.
    init(_ json: JSON, of owner: JSON) {
        name = json["name"]?.string ?? "default"
        image = json["image"]?.string
        command = (json["command"]?.array ?? []).compactMap(\.string)
        environment = Self.pairs(json["environment"])
        secrets = (json["secrets"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["valueFrom"]?.string ?? "") }
        jobRole = owner["jobRoleArn"]?.string ?? owner["taskRoleArn"]?.string
        isEssential = json["essential"]?.bool ?? true
        isInit = false
        dependencies = (json["dependsOn"]?.array ?? []).map {
            ($0["containerName"]?.string ?? "", $0["condition"]?.string ?? "START")
        }
        stopTimeout = json["stopTimeout"]?.int
        let options = json["logConfiguration"]?["options"]
        logGroup = options?["awslogs-group"]?.string ?? "/aws/batch/job"
        logPrefix = options?["awslogs-stream-prefix"]?.string
        needs = Resources.needs(json)
        user = json["user"]?.string
        let volumes = owner["volumes"]?.array ?? []
        mounts = (json["mountPoints"]?.array ?? []).compactMap { point in
            guard let target = point["containerPath"]?.string,
                let volume = volumes.first(where: { $0["name"]?.string == point["sourceVolume"]?.string }),
                let source = volume["host"]?["sourcePath"]?.string
            else { return nil }
            return Mount(source: source, target: target, isReadOnly: point["readOnly"]?.bool ?? false)
        }
    }

    /// A container of a pod: `command` is the entry point, `args` follow it.
    init(pod json: JSON, isInit: Bool) {
        name = json["name"]?.string ?? "Default"
        image = json["image"]?.string
        command = ((json["command"]?.array ?? []) + (json["args"]?.array ?? [])).compactMap(\.string)
        environment = Self.pairs(json["env"])
        secrets = []
        isEssential = !isInit
        self.isInit = isInit
        dependencies = []
        logGroup = "/aws/batch/job"
        needs = Resources.podNeeds(json)
        mounts = []
    }

    private static func pairs(_ json: JSON?) -> [(name: String, value: String)] {
        (json?.array ?? []).map { ($0["name"]?.string ?? "", $0["value"]?.string ?? "") }
    }
}

/// Specs of jobs that are being worked on: an array's children share one.
final class JobSpecs: Sendable {
    private let kept = Mutex<[String: JobSpec]>([:])
    private static let limit = 2_048

    func spec(_ job: JobRecord, _ db: Database) throws -> JobSpec {
        let key = job.rootId
        if let spec = kept.withLock({ $0[key] }) { return spec }
        let text = try db.row("SELECT spec FROM batch_job WHERE seq = ?", job.root)?["spec"] as String?
        let spec = JobSpec((try? JSON.parse(text ?? "{}")) ?? [:])
        kept.withLock { kept in
            if kept.count >= Self.limit { kept = [:] }
            kept[key] = spec
        }
        return spec
    }
}

import JSON

/// What containers ask for.
enum Resources {
    /// `resourceRequirements`, or the older `vcpus` and `memory`.
    static func needs(_ container: JSON) -> Needs {
        var needs = Needs(
            vcpus: (container["vcpus"]?.int ?? 0) * 1000, memory: container["memory"]?.int ?? 0)
        for requirement in container["resourceRequirements"]?.array ?? [] {
            let value = Double(requirement["value"]?.string ?? "") ?? 0
            switch requirement["type"]?.string {
            case "VCPU": needs.vcpus = Int(value * 1000)
            case "MEMORY": needs.memory = Int(value)
            case "GPU": needs.gpus = Int(value)
            default: break
            }
        }
        return needs
    }

    /// A pod's container: the larger of requests and limits. `cpu` in units or thousandths (`500m`), `memory` with a
    /// suffix such as `Mi`.
    static func podNeeds(_ container: JSON) -> Needs {
        let resources = container["resources"]
        func largest(_ name: String, _ read: (String) -> Int) -> Int {
            max(
                resources?["limits"]?[name]?.string.map(read) ?? 0,
                resources?["requests"]?[name]?.string.map(read) ?? 0)
        }
        return Needs(
            vcpus: largest("cpu") { text in
                text.hasSuffix("m") ? Int(text.dropLast()) ?? 0 : Int((Double(text) ?? 0) * 1000)
            }, memory: largest("memory", mebibytes), gpus: largest("nvidia.com/gpu") { Int($0) ?? 0 })
    }

    static func mebibytes(_ text: String) -> Int {
        let units: [(suffix: String, bytes: Double)] = [
            ("Ki", 1024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000),
        ]
        for unit in units where text.hasSuffix(unit.suffix) {
            return Int((Double(text.dropLast(unit.suffix.count)) ?? 0) * unit.bytes / 1_048_576)
        }
        return Int((Double(text) ?? 0) / 1_048_576)
    }

    static func sum(_ containers: [ContainerSpec]) -> Needs {
        containers.reduce(Needs()) { $0 + $1.needs }
    }
}

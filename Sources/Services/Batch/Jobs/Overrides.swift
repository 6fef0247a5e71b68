import AWSWire
import BatonCore
import JSON

/// What a submission changes of its job definition.
enum Overrides {
    /// `containerOverrides` onto `containerProperties`.
    static func container(_ base: JSON, _ overrides: JSON?) -> JSON {
        var result = base
        guard let overrides else { return result }
        if let command = overrides["command"] { result["command"] = command }
        if let type = overrides["instanceType"] { result["instanceType"] = type }
        if let extra = overrides["environment"]?.array {
            result["environment"] = .array(merged(base["environment"]?.array ?? [], extra, by: "name"))
        }
        var requirements = overrides["resourceRequirements"]?.array ?? []
        // The older fields stand for requirements of the same name.
        if let vcpus = overrides["vcpus"]?.int {
            if base["vcpus"] != nil {
                result["vcpus"] = .number(vcpus)
            } else {
                requirements.append(["type": "VCPU", "value": .string(String(vcpus))])
            }
        }
        if let memory = overrides["memory"]?.int {
            if base["memory"] != nil {
                result["memory"] = .number(memory)
            } else {
                requirements.append(["type": "MEMORY", "value": .string(String(memory))])
            }
        }
        if !requirements.isEmpty {
            result["resourceRequirements"] = .array(
                merged(base["resourceRequirements"]?.array ?? [], requirements, by: "type"))
        }
        return result
    }

    /// Elements of the same key are replaced, others appended.
    static func merged(_ base: [JSON], _ extra: [JSON], by key: String) -> [JSON] {
        var result = base
        for element in extra {
            if let at = result.firstIndex(where: { $0[key] == element[key] }) {
                result[at] = element
            } else {
                result.append(element)
            }
        }
        return result
    }

    static func ecs(_ base: JSON, _ overrides: JSON?) -> JSON {
        guard let changes = overrides?["taskProperties"]?.array?.first?["containers"]?.array,
            var task = base["taskProperties"]?.array?.first
        else { return base }
        task["containers"] = .array(
            (task["containers"]?.array ?? []).map { container in
                Overrides.container(container, changes.first { $0["name"] == container["name"] })
            })
        return ["taskProperties": [task]]
    }

    static func eks(_ base: JSON, _ overrides: JSON?) -> JSON {
        guard let changes = overrides?["podProperties"], var pod = base["podProperties"] else { return base }
        for kind in ["containers", "initContainers"] {
            guard let containers = pod[kind]?.array else { continue }
            let extra = changes[kind]?.array ?? []
            pod[kind] = .array(
                containers.enumerated().map { index, container in
                    // A pod of one container needs no name.
                    let change = extra.first { $0["name"] != nil && $0["name"] == container["name"] }
                    return eksContainer(container, change ?? (extra.first { $0["name"] == nil && index == 0 }))
                })
        }
        if let labels = changes["metadata"]?["labels"]?.object {
            var metadata = pod["metadata"] ?? [:]
            var all = metadata["labels"]?.object ?? [:]
            for (name, value) in labels { all[name] = value }
            metadata["labels"] = .object(all)
            pod["metadata"] = metadata
        }
        return ["podProperties": pod]
    }

    private static func eksContainer(_ base: JSON, _ change: JSON?) -> JSON {
        guard let change else { return base }
        var result = base
        for name in ["image", "command", "args"] { if let value = change[name] { result[name] = value } }
        if let environment = change["env"]?.array {
            result["env"] = .array(merged(base["env"]?.array ?? [], environment, by: "name"))
        }
        if let resources = change["resources"]?.object {
            var all = base["resources"] ?? [:]
            for (kind, values) in resources {
                var entries = all[kind]?.object ?? [:]
                for (name, value) in values.object ?? [:] { entries[name] = value }
                all[kind] = .object(entries)
            }
            result["resources"] = all
        }
        return result
    }

    /// `nodeOverrides` onto `nodeProperties`. Another number of nodes needs an open node range.
    static func nodes(_ base: JSON, _ overrides: JSON?, _ context: Context) throws(AWSError) -> JSON {
        var result = base
        guard let overrides else { return result }
        var groups = base["nodeRangeProperties"]?.array ?? []
        if let count = overrides["numNodes"]?.int {
            guard
                groups.contains(where: { $0["targetNodes"]?.string?.hasSuffix(":") ?? false })
                    || count == base["numNodes"]?.int
            else {
                throw BatchError.executing(
                    "numNodes can only be overridden when the last node range has no upper bound", context)
            }
            result["numNodes"] = .number(count)
        }
        for change in overrides["nodePropertyOverrides"]?.array ?? [] {
            let target = change["targetNodes"]?.string ?? ""
            guard let at = groups.firstIndex(where: { $0["targetNodes"]?.string == target }) else {
                throw BatchError.executing(
                    "NodeOverride targets should match job definition. Non matching targets - \(target)", context)
            }
            if let container = groups[at]["container"] {
                groups[at]["container"] = Overrides.container(container, change["containerOverrides"])
            }
            if let ecs = groups[at]["ecsProperties"] {
                groups[at]["ecsProperties"] = Overrides.ecs(ecs, change["ecsPropertiesOverride"])
            }
            if let eks = groups[at]["eksProperties"] {
                groups[at]["eksProperties"] = Overrides.eks(eks, change["eksPropertiesOverride"])
            }
        }
        result["nodeRangeProperties"] = .array(groups)
        return result
    }
}

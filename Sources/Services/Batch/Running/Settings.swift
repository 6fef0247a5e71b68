import Foundation
import JSON

/// The owner's settings: `batch.json` in the data folder, or the file that `BATON_BATCH_CONFIG` names. All optional:
/// ```
/// {"capacity": {"vcpus": 16, "memory": 32768, "gpus": 1},
///  "images": {"registry/tool:*": {"root": "/srv/roots/tool"}, "other": {"command": ["chroot", "/srv/other"]},
///             "plain": "host"},
///  "shortestTimeout": 1}
/// ```
/// `shortestTimeout` allows time-outs below AWS's 60 s, for tests.
struct Settings: Sendable {
    /// How the containers of an image run.
    enum Image: Sendable, Equatable {
        /// As programs of this machine.
        case host
        /// In a folder that holds a root file system, by bubblewrap.
        case root(String)
        /// Behind these words.
        case command([String])
    }

    var machine: Needs
    /// s
    var shortestTimeout = Limits.timeoutSeconds
    /// Patterns, where `*` at the end stands for any text, in their order.
    var images: [(pattern: String, image: Image)] = []

    init(folder: String) {
        machine = Self.thisMachine
        let path = ProcessInfo.processInfo.environment["BATON_BATCH_CONFIG"] ?? folder + "/batch.json"
        guard let data = FileManager.default.contents(atPath: path), let json = try? JSON.parse(Array(data)) else {
            return
        }
        let capacity = json["capacity"]
        if let vcpus = capacity?["vcpus"]?.double { machine.vcpus = Int(vcpus * 1000) }
        if let memory = capacity?["memory"]?.int { machine.memory = memory }
        if let gpus = capacity?["gpus"]?.int { machine.gpus = gpus }
        if let seconds = json["shortestTimeout"]?.int { shortestTimeout = seconds }
        for (pattern, value) in json["images"]?.object ?? [:] {
            if value.string == "host" {
                images.append((pattern, .host))
            } else if let root = value["root"]?.string {
                images.append((pattern, .root(root)))
            } else if let words = value["command"]?.array?.compactMap(\.string), !words.isEmpty {
                images.append((pattern, .command(words)))
            }
        }
    }

    /// What the machine has: its processors, its memory and NVIDIA's devices.
    static var thisMachine: Needs {
        let processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let memory = Int(ProcessInfo.processInfo.physicalMemory >> 20)
        let devices = (try? FileManager.default.contentsOfDirectory(atPath: "/dev")) ?? []
        let gpus = devices.filter { $0.hasPrefix("nvidia") && Int($0.dropFirst(6)) != nil }.count
        return Needs(vcpus: processors * 1000, memory: memory, gpus: gpus)
    }
}

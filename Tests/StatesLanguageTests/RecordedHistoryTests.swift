import Foundation
import JSON
import StatesLanguage
import Testing

/// Executions that AWS was recorded running and that need no service: the histories must be the same.
@Suite struct RecordedHistoryTests {
    private static let folder =
        ProcessInfo.processInfo.environment["VECTORS"].map { $0 + "/stepfunctions" }
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../shared/vectors/stepfunctions"

    /// Cases that differ from each other in what they show of the same thing, with the reason.
    private static let different: [String: String] = [
        "test_max_concurrency_path_negative": "recorded before the execution had begun",
        "test_map_state_legacy_config_inline_item_selector": "AWS has since then compacted the first state's input",
        "test_map_state_nested": "AWS has since then compacted the first state's input",
    ]

    @Test(.enabled(if: FileManager.default.fileExists(atPath: folder), "the recorded vectors are not here"))
    func recordedHistories() throws {
        var compared = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
        where file.hasSuffix(".json") {
            let text = try String(contentsOfFile: Self.folder + "/" + file, encoding: .utf8)
            for recorded in try JSON.parse(text).array ?? [] { compared += try compare(recorded) }
        }
        #expect(compared > 150)
    }

    private func compare(_ recorded: JSON) throws -> Int {
        let name = (recorded["name"]?.string ?? "").split(separator: "::").last.map(String.init) ?? ""
        guard Self.different[name] == nil else { return 0 }
        var definition: Definition?
        var inputs: [String] = []
        for call in recorded["calls"]?.array ?? [] {
            switch call["operation"]?.string {
            case "CreateStateMachine":
                guard definition == nil, let text = call["params"]?["definition"]?.string else { return 0 }
                definition = try? Definition(parsing: text)
            case "StartExecution": inputs.append(call["params"]?["input"]?.string ?? "{}")
            default: break
            }
        }
        let histories = (recorded["expected"]?.object?.members ?? []).compactMap { $0.value["events"]?.array }
        guard let definition, histories.count == inputs.count else { return 0 }
        var compared = 0
        for (input, expected) in zip(inputs, histories) {
            guard let run = try? PureRun(definition, input: input) else { continue }
            var running = run
            running.run()
            guard running.foreign == nil, running.end != nil else { continue }
            // Side by side, AWS's order is not ours.
            guard !expected.contains(where: { $0["id"]?.int == nil }) else { continue }
            compared += 1
            check(running.history.map(\.tree), expected, "\(name) \(input.prefix(60))")
        }
        return compared
    }

    private func check(_ found: [JSON], _ expected: [JSON], _ name: String) {
        let placeholders = Placeholders()
        for (index, (left, right)) in zip(found, expected).enumerated() {
            let difference = placeholders.difference(left, right)
            guard let difference else { continue }
            Issue.record("\(name), event \(index + 1): \(difference)")
            return
        }
        #expect(found.count == expected.count, "\(name)")
    }
}

/// Compares with recordings in which what differs from run to run was replaced.
struct Placeholders {
    private static let words: Set<String> = [
        "timestamp", "date", "datetime", "start-time", "entered-time", "snf_role_arn",
    ]

    func difference(_ found: JSON, _ expected: JSON, _ path: String = "") -> String? {
        switch (found, expected) {
        case (.object(let found), .object(let expected)):
            for (key, value) in expected {
                guard let other = found[key] else { return "\(path)/\(key) is absent, expected \(value)" }
                if let difference = difference(other, value, "\(path)/\(key)") { return difference }
            }
            let more = found.keys.filter { expected[$0] == nil }
            return more.isEmpty ? nil : "\(path) has \(more) too"
        case (.array(let found), .array(let expected)) where found.count == expected.count:
            for (index, pair) in zip(found, expected).enumerated() {
                if let difference = difference(pair.0, pair.1, "\(path)[\(index)]") { return difference }
            }
            return nil
        case (_, .string(let text)) where Self.words.contains(text) || text.contains("<"): return nil
        case (.string(let text), .object), (.string(let text), .array):
            guard let value = try? JSON.parse(text) else { return "\(path): \(text)" }
            return difference(value, expected, path)
        case (.string(let left), .string(let right)) where left != right:
            guard let one = try? JSON.parse(left), let other = try? JSON.parse(right) else { break }
            return difference(one, other, path)
        case (.number(let left), .number(let right)) where left.double == right.double: return nil
        default: break
        }
        return found == expected ? nil : "\(path): \(found) instead of \(expected)"
    }
}

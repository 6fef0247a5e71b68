import Foundation
import JSON
import StatesLanguage
import Testing

/// The recorded definitions: what AWS took is taken, what it refused is refused in its words.
@Suite struct VectorDefinitionTests {
    @Test(.enabled(if: Vectors.arePresent, "no recorded cases at ../shared/vectors"))
    func everyRecordedDefinitionIsTakenOrRefusedAsByAWS() throws {
        for call in try Vectors.definitions() {
            do {
                _ = try Definition(parsing: call.definition, type: call.type)
                #expect(call.refusal == nil, "\(call.name) is taken")
            } catch {
                // Some refusals were not worded by AWS but by the recorder's own server.
                if call.refusal?.hasPrefix("Error=") == true { continue }
                #expect(error.message == call.refusal, "\(call.name)")
            }
        }
    }
}

/// The cases recorded from AWS.
enum Vectors {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/vectors/stepfunctions").standardizedFileURL.path

    static var arePresent: Bool { FileManager.default.fileExists(atPath: folder) }

    static func cases() throws -> [JSON] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted()
            .flatMap { name in
                let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
                return try JSON.parse(data).array ?? []
            }
    }

    struct Call {
        let name: String
        let definition: String
        let type: WorkflowType
        let refusal: String?
    }

    /// A refusal is known only where the case consists of one call.
    static func definitions() throws -> [Call] {
        try cases().flatMap { one -> [Call] in
            let calls = (one["calls"]?.array ?? []).filter { $0["params"]?["definition"]?.string != nil }
            let refusal = Self.refusal(one["expected"])
            return calls.compactMap { call in
                guard let text = call["params"]?["definition"]?.string, call["operation"] != "TestState" else {
                    return nil
                }
                return Call(
                    name: one["name"]?.string ?? "", definition: text,
                    type: call["params"]?["type"] == "EXPRESS" ? .express : .standard,
                    refusal: calls.count == 1 ? refusal : nil)
            }
        }
    }

    private static func refusal(_ value: JSON?) -> String? {
        switch value {
        case .array(let elements): return elements.lazy.compactMap(refusal).first
        case .object(let object):
            if object["Code"] == "InvalidDefinition" { return object["Message"]?.string }
            return object.values.lazy.compactMap(refusal).first
        case .string(let text):
            guard let start = text.range(of: "Invalid State Machine Definition: ") else { return nil }
            let message = text[start.lowerBound...].replacingOccurrences(of: "arn:<partition>:", with: "arn:aws:")
            return message.hasSuffix("'\"") ? String(message.dropLast()) : message
        default: return nil
        }
    }
}

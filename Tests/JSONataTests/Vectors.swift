import Foundation
import JSON

/// The cases of the official test suite, where they are at hand: `../shared/vectors/jsonata` beside the repository or
/// further up, or the folder that `BATON_VECTORS` names.
struct Vectors {
    struct Case: Sendable, CustomStringConvertible {
        let name: String
        let fields: JSON
        var description: String { name }
    }

    let folder: URL

    static let found: Vectors? = {
        var candidates: [URL] = []
        if let named = ProcessInfo.processInfo.environment["BATON_VECTORS"] { candidates.append(URL(filePath: named)) }
        var up = URL(filePath: #filePath).deletingLastPathComponent()
        for _ in 0..<8 {
            candidates.append(up.appending(path: "../shared/vectors"))
            candidates.append(up.appending(path: "shared/vectors"))
            up.deleteLastPathComponent()
        }
        let folders = candidates.map { $0.appending(path: "jsonata").standardizedFileURL }
        return folders.first { FileManager.default.fileExists(atPath: $0.path) }.map { Vectors(folder: $0) }
    }()

    static let cases: [Case] = {
        guard let found else { return [] }
        do { return try found.read() } catch { return [Case(name: "unreadable: \(error)", fields: .null)] }
    }()

    private func read() throws -> [Case] {
        var cases: [Case] = []
        let groups = folder.appending(path: "groups")
        for group in try FileManager.default.contentsOfDirectory(atPath: groups.path).sorted() {
            let path = groups.appending(path: group)
            for file in try FileManager.default.contentsOfDirectory(atPath: path.path).sorted()
            where file.hasSuffix(".json") {
                // One case has half a character; the language keeps such a half as a private one.
                let text = try String(contentsOf: path.appending(path: file), encoding: .utf8)
                let content = try JSON.parse(text.replacing(#"\uD800"#, with: #"\uDBF6\uDC00"#))
                let list = content.array ?? [content]
                for (index, fields) in list.enumerated() {
                    var fields = fields
                    if let other = fields["expr-file"]?.string {
                        let text = try String(contentsOf: path.appending(path: other), encoding: .utf8)
                        fields["expr"] = .string(text)
                    }
                    cases.append(Case(name: "\(group)/\(file)" + (list.count > 1 ? "[\(index)]" : ""), fields: fields))
                }
            }
        }
        return cases
    }

    func input(_ fields: JSON) throws -> JSON? {
        if let data = fields["data"] { return data }
        guard let name = fields["dataset"]?.string else { return nil }
        return try JSON.parse(Data(contentsOf: folder.appending(path: "datasets/\(name).json")))
    }
}

import AWSClient
import AWSWire
import Archive
import CloudFormation
import Crypto
import Foundation
import JSON

/// A template that names no local files any more.
struct PackedTemplate {
    let text: String
    /// The names of its parameters.
    let parameters: Set<String>
}

/// Packs local code that templates name, and uploads it where CloudFormation finds it.
final class CodePacker {
    /// Where a template may name something local, and how the uploaded object is written there.
    private enum Form {
        case s3Members, bucketAndKey, template
    }

    private static let places: [String: [(property: String, form: Form)]] = [
        "AWS::Lambda::Function": [("Code", .s3Members)],
        "AWS::Lambda::LayerVersion": [("Content", .s3Members)],
        "AWS::Serverless::Function": [("CodeUri", .bucketAndKey)],
        "AWS::Serverless::LayerVersion": [("ContentUri", .bucketAndKey)],
        "AWS::Serverless::StateMachine": [("DefinitionUri", .bucketAndKey)],
        "AWS::StepFunctions::StateMachine": [("DefinitionS3Location", .bucketAndKey)],
        "AWS::CloudFormation::Stack": [("TemplateURL", .template)],
    ]

    private let client: AWSClient
    private let stack: String
    private let progress: DeployProgress
    private var bucketName: String?
    private var isBucketReady = false
    /// Keys by path, so that code that is used twice is packed once.
    private var uploaded: [String: String] = [:]

    init(client: AWSClient, bucketName: String?, stack: String, progress: DeployProgress) {
        self.client = client
        self.bucketName = bucketName
        self.stack = stack
        self.progress = progress
    }

    /// Reads a template and uploads what it names. A template without local code stays as it was written.
    func pack(templateAt path: String) async throws -> PackedTemplate {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("There is no template \(path).")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw Failure("\(path) is no UTF-8 text.") }
        var tree: JSON
        do {
            tree = try TemplateReader.read(text)
        } catch {
            throw Failure("\(path): \(error.message)")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isChanged = false
        for section in ["Globals", "Resources"] {
            for (name, entry) in tree[section]?.object ?? [:] {
                let type = section == "Globals" ? "AWS::Serverless::\(name)" : entry["Type"]?.string ?? ""
                var entry = entry
                for place in Self.places[type] ?? [] {
                    let holder = section == "Globals" ? entry : entry["Properties"] ?? [:]
                    guard let local = holder[place.property]?.string, Self.isLocal(local) else { continue }
                    let replaced = try await replacement(local, in: folder, place.form)
                    if section == "Globals" {
                        entry[place.property] = replaced
                    } else {
                        var properties = holder
                        properties[place.property] = replaced
                        entry["Properties"] = properties
                    }
                    isChanged = true
                }
                var changed = tree[section] ?? [:]
                changed[name] = entry
                tree[section] = changed
            }
        }
        let parameters = Set(tree["Parameters"]?.object?.keys ?? [])
        return PackedTemplate(text: isChanged ? tree.text() : text, parameters: parameters)
    }

    private static func isLocal(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("s3://") && !text.hasPrefix("http://") && !text.hasPrefix("https://")
    }

    private func replacement(_ local: String, in folder: String, _ form: Form) async throws -> JSON {
        let path = URL(fileURLWithPath: local, relativeTo: URL(fileURLWithPath: folder, isDirectory: true))
            .standardizedFileURL.path
        if case .template = form {
            return .string(try await upload(template: try await pack(templateAt: path).text))
        }
        let key = try await upload(codeAt: path)
        let bucket = JSON.string(try await bucket())
        switch form {
        case .s3Members: return ["S3Bucket": bucket, "S3Key": .string(key)]
        default: return ["Bucket": bucket, "Key": .string(key)]
        }
    }

    // MARK: Uploads

    /// The URL of an uploaded template.
    func upload(template text: String) async throws -> String {
        let bytes = Array(text.utf8)
        let key = "\(stack)/\(Self.hex(SHA256.hash(data: bytes))).template"
        try await put(key, what: "template") { bytes }
        let bucket = try await bucket()
        if let endpoint = client.configuration.endpoint { return "\(endpoint)/\(bucket)/\(key)" }
        return "https://\(bucket).s3.\(client.configuration.region).amazonaws.com/\(key)"
    }

    private func upload(codeAt path: String) async throws -> String {
        if let key = uploaded[path] { return key }
        let code = try LocalCode(path)
        let key = "\(stack)/\(code.hash).\(code.isFile ? (path as NSString).pathExtension : "zip")"
        try await put(key, what: (path as NSString).lastPathComponent) { try code.archive() }
        uploaded[path] = key
        return key
    }

    /// Stores an object unless it is there already: keys follow the contents.
    private func put(_ key: String, what: String, _ content: () throws -> [UInt8]) async throws {
        let bucket = JSON.string(try await bucket())
        let address: JSON = ["Bucket": bucket, "Key": .string(key)]
        if await failure("HeadObject", address) == nil { return }
        let bytes = try content()
        _ = try await client.answer("s3", "PutObject", address, body: .bytes(bytes))
        progress.say("  uploaded \(what) (\(bytes.count) bytes)")
    }

    /// The bucket for code, made when it is missing.
    private func bucket() async throws -> String {
        if let bucketName, isBucketReady { return bucketName }
        let region = client.configuration.region
        let name: String
        if let bucketName {
            name = bucketName
        } else {
            let account = try await client.call("sts", "GetCallerIdentity")["Account"]?.string ?? "000000000000"
            name = "baton-deploy-\(account)-\(region)"
        }
        if await failure("HeadBucket", ["Bucket": .string(name)]) != nil {
            var input: JSON = ["Bucket": .string(name)]
            if region != "us-east-1" { input["CreateBucketConfiguration"] = ["LocationConstraint": .string(region)] }
            let refused = await failure("CreateBucket", input)
            // Somebody else may have made it in the meantime.
            if let refused, refused.code != "BucketAlreadyOwnedByYou" { throw refused }
        }
        bucketName = name
        isBucketReady = true
        return name
    }

    /// Why a call to S3 failed; nil when it succeeded.
    private func failure(_ operation: String, _ input: JSON) async -> AWSError? {
        do throws(AWSError) {
            _ = try await client.call("s3", operation, input)
            return nil
        } catch {
            return error
        }
    }

    static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Local code: a folder, one program, or a package that is ready as it is.
struct LocalCode {
    private struct Entry {
        let name: String
        let path: String
        let isExecutable: Bool
        /// Of a symbolic link.
        let target: String?
    }

    /// Follows names, modes and contents, not times.
    let hash: String
    /// A package or definition that is uploaded as it is.
    let isFile: Bool
    private let path: String
    private let entries: [Entry]

    init(_ path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure("The template names \(path), which does not exist.")
        }
        let packed: Set<String> = ["zip", "jar", "json", "yaml", "yml"]
        isFile = !isFolder.boolValue && packed.contains((path as NSString).pathExtension.lowercased())
        if isFile {
            entries = []
            hash = CodePacker.hex(SHA256.hash(data: try Self.read(path)))
            return
        }
        entries =
            isFolder.boolValue
            ? try Self.files(of: path) : [try Self.entry((path as NSString).lastPathComponent, path)]
        guard !entries.isEmpty else { throw Failure("The folder \(path) that the template names is empty.") }
        var sum = SHA256()
        for entry in entries {
            sum.update(data: Array("\(entry.name)\u{0}\(entry.isExecutable)\u{0}\(entry.target ?? "")\u{0}".utf8))
            if entry.target == nil { sum.update(data: SHA256.hash(data: try Self.read(entry.path)).map { $0 }) }
        }
        hash = CodePacker.hex(sum.finalize())
    }

    func archive() throws -> [UInt8] {
        if isFile { return try Self.read(path) }
        var zip = ZipWriter()
        for entry in entries {
            if let target = entry.target {
                try zip.addSymbolicLink(entry.name, to: target)
            } else {
                try zip.add(entry.name, try Self.read(entry.path), isExecutable: entry.isExecutable)
            }
        }
        return zip.finish()
    }

    /// All files below a folder in the order of their names.
    private static func files(of folder: String) throws -> [Entry] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else {
            throw Failure("\(folder) cannot be read.")
        }
        var entries: [Entry] = []
        while let name = walk.nextObject() as? String {
            let kind = walk.fileAttributes?[.type] as? FileAttributeType
            guard kind == .typeRegular || kind == .typeSymbolicLink else { continue }
            entries.append(try entry(name, "\(folder)/\(name)"))
        }
        return entries.sorted { $0.name < $1.name }
    }

    private static func entry(_ name: String, _ path: String) throws -> Entry {
        let files = FileManager.default
        let target = try? files.destinationOfSymbolicLink(atPath: path)
        return Entry(name: name, path: path, isExecutable: files.isExecutableFile(atPath: path), target: target)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure("\(path) cannot be read.") }
        return [UInt8](data)
    }
}

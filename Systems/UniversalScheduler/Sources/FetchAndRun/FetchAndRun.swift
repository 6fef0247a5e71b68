import AWSClient
import Archive
import Foundation
import JSON

/// The program of the fetch-and-run image: brings a script, or an archive with scripts, from S3 and becomes it.
///
///     BATCH_FILE_TYPE=script BATCH_FILE_S3_URL=s3://bucket/key fetch-and-run SCRIPT [ARGUMENT …]
///     BATCH_FILE_TYPE=zip    BATCH_FILE_S3_URL=s3://bucket/key fetch-and-run SCRIPT_IN_ZIP [ARGUMENT …]
///
/// Exits 2 when a setting is missing or wrong, 1 when the file cannot be brought or started, else as the script does.
@main
enum FetchAndRun {
    static func main() async {
        do {
            let settings = try FetchSettings(ProcessInfo.processInfo.environment, CommandLine.arguments)
            try await run(settings)
        } catch let refusal as Refusal {
            FileHandle.standardError.write(Data("fetch-and-run: \(refusal.message)\n".utf8))
            exit(refusal.status)
        } catch {
            FileHandle.standardError.write(Data("fetch-and-run: \(error)\n".utf8))
            exit(1)
        }
    }

    /// Returns only by throwing: on success the process is the script.
    private static func run(_ settings: FetchSettings) async throws {
        let answer = try await AWSClient(.ofProcess()).answer(
            "s3", "GetObject", ["Bucket": .string(settings.bucket), "Key": .string(settings.key)])
        guard case .bytes(let bytes) = answer.body else { throw Refusal(1, "the answer of S3 has no content") }
        let folder = try temporaryFolder()
        let script: String
        switch settings.kind {
        case .script:
            script = folder + "/script"
            try Data(bytes).write(to: URL(fileURLWithPath: script))
        case .zip:
            try ZipArchive(bytes).extract(to: folder)
            script = folder + "/" + settings.script
        }
        guard chmod(script, 0o700) == 0 else { throw Refusal(1, "\(settings.script) is not in the archive") }
        var words = ([script] + settings.arguments).map { strdup($0) } + [nil]
        execv(script, &words)
        throw Refusal(1, "cannot start \(settings.script): \(String(cString: strerror(errno)))")
    }

    private static func temporaryFolder() throws -> String {
        var template = Array((NSTemporaryDirectory() + "/batch-file-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Refusal(1, "cannot make a temporary folder") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Why the program gives up, and its exit status.
struct Refusal: Error, Equatable {
    let status: Int32
    let message: String

    init(_ status: Int32, _ message: String) {
        self.status = status
        self.message = message
    }
}

/// What the environment and the command line ask for.
struct FetchSettings: Equatable {
    enum Kind: String { case script, zip }
    let kind: Kind
    let bucket: String
    let key: String
    let script: String
    let arguments: [String]

    init(_ environment: [String: String], _ words: [String]) throws(Refusal) {
        guard let kind = environment["BATCH_FILE_TYPE"].flatMap(Kind.init) else {
            throw Refusal(2, "BATCH_FILE_TYPE must be script or zip")
        }
        let url = environment["BATCH_FILE_S3_URL"] ?? ""
        guard url.hasPrefix("s3://") else { throw Refusal(2, "BATCH_FILE_S3_URL must start with s3://") }
        let place = url.dropFirst(5).split(separator: "/", maxSplits: 1).map(String.init)
        guard let bucket = place.first, place.count == 2, let key = place.last else {
            throw Refusal(2, "BATCH_FILE_S3_URL must name a bucket and a key")
        }
        guard words.count > 1 || kind == .script else {
            throw Refusal(2, "the command must name the script inside the zip file")
        }
        self.kind = kind
        self.bucket = bucket
        self.key = key
        script = words.count > 1 ? words[1] : "script"
        arguments = Array(words.dropFirst(2))
    }
}

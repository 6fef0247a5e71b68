import AWSWire
import Archive
import Crypto
import Dispatch
import Foundation
import Glibc
import JSON

/// Code packages on disk: `<root>/code/<account>/<region>/<function>/<sha256>/` holds what was unpacked.
///
/// A folder appears under its name only when everything in it is on disk, so a crash leaves nothing half unpacked; what
/// no version names any more goes at the next start.
struct CodeStore: Sendable {
    let root: String

    /// Hash, size and unpacked folder of one package.
    struct Package: Sendable {
        /// Base64, as in `CodeSha256`.
        let sha256: String
        let size: Int
    }

    func functionFolder(_ function: FunctionReference) -> String {
        "\(root)/code/\(function.account)/\(function.region)/\(function.name)"
    }

    /// - Parameter sha256: base64.
    func folder(_ function: FunctionReference, sha256: String) -> String {
        "\(functionFolder(function))/\(Self.hex(sha256))"
    }

    /// No function has a name with a dot.
    func folder(_ layer: LayerReference, sha256: String) -> String {
        "\(root)/code/\(layer.account)/\(layer.region)/layer.\(layer.name)/\(Self.hex(sha256))"
    }

    static func hex(_ base64: String) -> String {
        (Base64.decode(base64) ?? []).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    static func hash(_ zip: [UInt8]) -> String { Base64.encode(Array(SHA256.hash(data: zip))) }

    /// Unpacks a package unless it is there already.
    /// Errors: InvalidParameterValueException for what is not a zip file of AWS's limits.
    func unpack(_ zip: [UInt8], _ function: FunctionReference) async throws(AWSError) -> Package {
        let package = Package(sha256: Self.hash(zip), size: zip.count)
        return try await unpack(zip, package, folder(function, sha256: package.sha256))
    }

    func unpack(_ zip: [UInt8], _ layer: LayerReference) async throws(AWSError) -> Package {
        let package = Package(sha256: Self.hash(zip), size: zip.count)
        return try await unpack(zip, package, folder(layer, sha256: package.sha256))
    }

    private func unpack(_ zip: [UInt8], _ package: Package, _ target: String) async throws(AWSError) -> Package {
        let outcome: Result<Void, any Error> = await withCheckedContinuation { continuation in
            // Unpacking may take seconds: it must not hold one of the few threads that serve requests.
            DispatchQueue.global().async {
                continuation.resume(returning: Result { try Self.unpack(zip, to: target) })
            }
        }
        switch outcome {
        case .success: return package
        case .failure(let error as ArchiveError): throw Self.refusal(error)
        case .failure(let error): throw LambdaError.service("The code cannot be stored: \(error)")
        }
    }

    private static func unpack(_ zip: [UInt8], to target: String) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: target) else { return }
        let archive = try ZipArchive(
            zip, limits: ArchiveLimits(entries: Limits.codeEntries, unpackedBytes: Limits.unpackedCode))
        // Two requests may unpack the same package at once; the name is theirs alone while they do.
        let parent = (target as NSString).deletingLastPathComponent
        try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
        let temporary = "\(target).\(pthread_self()).part"
        try? files.removeItem(atPath: temporary)
        try files.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        do {
            try archive.extract(to: temporary)
        } catch {
            try? files.removeItem(atPath: temporary)
            throw error
        }
        if rename(temporary, target) != 0 {
            try? files.removeItem(atPath: temporary)
            guard files.fileExists(atPath: target) else { throw ArchiveError.file(path: target, errno: errno) }
        }
        flush(parent)
    }

    /// Makes the new name durable.
    private static func flush(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func refusal(_ error: ArchiveError) -> AWSError {
        switch error {
        case .tooLarge:
            LambdaError.invalid("Unzipped size must be smaller than \(Limits.unpackedCode) bytes")
        case .file: LambdaError.service("The code cannot be stored: \(error)")
        case .damaged, .unsupported, .escapes: LambdaError.invalid("Could not unzip uploaded file. \(error)")
        }
    }

    func remove(_ function: FunctionReference) {
        try? FileManager.default.removeItem(atPath: functionFolder(function))
    }

    /// Removes every folder that is not among `used`, which are paths as ``folder(_:sha256:)`` gives them.
    func clean(used: Set<String>) {
        let files = FileManager.default
        let base = root + "/code"
        func inside(_ path: String) -> [String] {
            ((try? files.contentsOfDirectory(atPath: path)) ?? []).map { "\(path)/\($0)" }
        }
        for account in inside(base) {
            for region in inside(account) {
                for function in inside(region) {
                    for package in inside(function) where !used.contains(package) {
                        try? files.removeItem(atPath: package)
                    }
                }
            }
        }
    }
}

import BatonStore
import Crypto
import Foundation
import Synchronization

/// Encrypts the values that must not lie readable in the database: AES-256-GCM with one key for the whole store.
///
/// The key is a file beside the database, for its owner's eyes alone (mode 0600). It is made when the first value is
/// sealed, and is on disk before that value is. So a copy of `baton.db`, a backup of it or what SQLite leaves in free
/// pages tells no secret; whoever reads the whole data folder has the key too. A store in memory keeps its key in memory.
public final class Vault: Sendable {
    public enum Failure: Error, Equatable {
        /// There are sealed values but no key, or not one of this length.
        case noKey(path: String)
        case cannotStoreKey(path: String, errno: Int32)
        /// The value was sealed with another key, for something else, or was changed.
        case damaged
    }

    private static let keySize = 32
    private static let nonceSize = 12
    private let path: String?
    private let random: RandomSource
    private let key = Mutex<SymmetricKey?>(nil)

    /// - Parameter folder: the data folder; empty for a store in memory.
    init(folder: String, random: RandomSource) {
        path = folder.isEmpty ? nil : folder + "/secrets.key"
        self.random = random
    }

    /// - Parameter purpose: what the value is for; it opens for nothing else.
    public func seal(_ value: [UInt8], for purpose: String) throws -> [UInt8] {
        let key = try theKey(mayMake: true)
        let nonce = try AES.GCM.Nonce(data: random.bytes(Self.nonceSize))
        let box = try AES.GCM.seal(value, using: key, nonce: nonce, authenticating: Array(purpose.utf8))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    public func open(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        let key = try theKey(mayMake: false)
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: key, authenticating: Array(purpose.utf8)))
        } catch {
            throw Failure.damaged
        }
    }

    private func theKey(mayMake: Bool) throws -> SymmetricKey {
        try key.withLock { key in
            if let key { return key }
            let bytes = try stored() ?? (mayMake ? make() : [])
            guard bytes.count == Self.keySize else { throw Failure.noKey(path: path ?? "") }
            let made = SymmetricKey(data: bytes)
            key = made
            return made
        }
    }

    private func stored() throws -> [UInt8]? {
        guard let path, FileManager.default.fileExists(atPath: path) else { return nil }
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The file appears under its name only when all of it is on disk.
    private func make() throws -> [UInt8] {
        let bytes = random.bytes(Self.keySize)
        guard let path else { return bytes }
        let temporary = path + ".part"
        let file = Foundation.open(temporary, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure.cannotStoreKey(path: path, errno: errno) }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0, rename(temporary, path) == 0 else {
            throw Failure.cannotStoreKey(path: path, errno: errno)
        }
        let folder = Foundation.open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return bytes
    }
}

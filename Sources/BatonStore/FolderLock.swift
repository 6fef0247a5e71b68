import Foundation
import Synchronization

/// Holds the data folder for this process alone, as long as it lives.
final class FolderLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// - Throws: ``StoreError/inUse(folder:)``, or `cannotOpen` when the folder cannot be made or written.
    init(folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreError.cannotOpen(path: folder, detail: error.localizedDescription)
        }
        let path = folder + "/lock"
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw errno == EROFS || errno == EACCES
                ? StoreError.readOnly(path: path)
                : StoreError.cannotOpen(path: path, detail: String(cString: strerror(errno)))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw StoreError.inUse(folder: folder)
        }
        descriptor = Mutex(file)
    }

    func release() {
        descriptor.withLock { file in
            guard file >= 0 else { return }
            // Unlocked, not only closed: a child between fork and exec still holds the descriptor.
            flock(file, LOCK_UN)
            close(file)
            file = -1
        }
    }

    deinit { release() }
}

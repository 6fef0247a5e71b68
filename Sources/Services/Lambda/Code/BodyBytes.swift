import AWSWire
import Foundation

extension HTTPBody {
    /// The whole body; nil when its file cannot be read.
    func load() -> [UInt8]? {
        switch self {
        case .bytes(let bytes): return bytes
        case .file(let path, let offset, let length):
            guard let file = FileHandle(forReadingAtPath: path) else { return nil }
            defer { try? file.close() }
            do {
                try file.seek(toOffset: UInt64(offset))
                return Array(try file.read(upToCount: length) ?? Data())
            } catch {
                return nil
            }
        }
    }
}

import Crypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension SigV4 {
    private static let pieceSize = 256 * 1024

    /// Hash of a body in memory or on disk.
    static func hash(of body: HTTPBody) throws(Failure) -> String {
        if case .bytes(let bytes) = body { return hash(bytes) }
        var hasher = SHA256()
        try eachPiece(of: body) { (piece) throws(Failure) in hasher.update(data: piece) }
        return hex(hasher.finalize())
    }

    /// Hands over the body in pieces of bounded size.
    static func eachPiece(of body: HTTPBody, _ take: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        switch body {
        case .bytes(let bytes): try take(bytes)
        case .file(let path, let offset, let length):
            guard let file = fopen(path, "rb") else { throw .unreadableBody }
            defer { fclose(file) }
            guard fseek(file, offset, SEEK_SET) == 0 else { throw .unreadableBody }
            var left = length
            while left > 0 {
                let wanted = min(left, pieceSize)
                let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                    count = fread(buffer.baseAddress, 1, wanted, file)
                }
                guard !piece.isEmpty else { throw .unreadableBody }
                try take(piece)
                left -= piece.count
            }
        }
    }

    /// Decodes a body that is sent in chunks (`aws-chunked`) and returns it with the fields behind its last chunk.
    ///
    /// - Parameters:
    ///   - path: where a body that is on disk is written to. A body in memory stays there.
    ///   - decodedLength: of `X-Amz-Decoded-Content-Length`; another length is an incomplete body.
    public static func decodeChunks(
        of body: HTTPBody, to path: String, decodedLength: Int?, verifier: ChunkVerifier?
    ) throws(Failure) -> (body: HTTPBody, trailers: HTTPHeaders) {
        var decoder = ChunkDecoder(verifier: verifier)
        var length = 0
        var collected: [UInt8] = []
        if case .bytes(let bytes) = body {
            try decoder.feed(bytes, into: &collected)
            length = collected.count
        } else {
            guard let file = fopen(path, "wb") else { throw .unreadableBody }
            defer { fclose(file) }
            try eachPiece(of: body) { (piece) throws(Failure) in
                collected.removeAll(keepingCapacity: true)
                try decoder.feed(piece, into: &collected)
                guard fwrite(collected, 1, collected.count, file) == collected.count else { throw .unreadableBody }
                length += collected.count
            }
            guard fflush(file) == 0 else { throw .unreadableBody }
        }
        let trailers = try decoder.finish()
        guard decodedLength == nil || decodedLength == length else { throw .incompleteBody }
        if case .bytes = body { return (.bytes(collected), trailers) }
        return (.file(path: path, offset: 0, length: length), trailers)
    }
}

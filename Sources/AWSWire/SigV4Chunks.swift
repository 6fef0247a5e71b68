import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension SigV4 {
    /// Verifies the signatures of a body's chunks, each of which covers the signature before it.
    /// Source: S3 API reference, "Transferring payload in multiple chunks".
    public struct ChunkVerifier: Sendable {
        private let key: SigningKey
        private let date: String
        private let scope: CredentialScope
        private var previous: String

        init(key: SigningKey, date: String, scope: CredentialScope, seedSignature: String) {
            self.key = key
            self.date = date
            self.scope = scope
            previous = seedSignature
        }

        mutating func check(_ signature: String?, chunkHash: String) throws(Failure) {
            try check(
                signature,
                "\(algorithm)-PAYLOAD\n\(date)\n\(scope.path)\n\(previous)\n\(emptyHash)\n\(chunkHash)")
        }

        mutating func check(_ signature: String?, trailers: String) throws(Failure) {
            let hash = hash(Array(trailers.utf8))
            try check(signature, "\(algorithm)-TRAILER\n\(date)\n\(scope.path)\n\(previous)\n\(hash)")
        }

        private mutating func check(_ signature: String?, _ stringToSign: String) throws(Failure) {
            guard let signature, isEqual(signature, key.sign(stringToSign)) else { throw .chunkMismatch }
            previous = signature
        }
    }

    /// Reads `size[;chunk-signature=…]` CR LF, data, CR LF … up to a chunk of size 0 and the fields behind it. It takes
    /// the body in pieces of any size, and keeps nothing but an unfinished line.
    public struct ChunkDecoder: Sendable {
        private enum State: Sendable { case size, data(left: Int), dataEnd, trailers, finished }

        /// Longest line of the framing, and most bytes of trailing fields.
        private static let maxLine = 8 * 1024
        private static let maxChunk = 5 * 1024 * 1024 * 1024

        private var state = State.size
        private var line: [UInt8] = []
        private var hasher = SHA256()
        private var signature: String?
        private var trailers: [(name: String, value: String)] = []
        private var areTrailersSigned = false
        private var verifier: ChunkVerifier?

        /// - Parameter verifier: nil accepts any signature, and none.
        public init(verifier: ChunkVerifier?) { self.verifier = verifier }

        /// Appends to `output` what data the piece holds.
        public mutating func feed(_ piece: [UInt8], into output: inout [UInt8]) throws(Failure) {
            var rest = piece[...]
            while !rest.isEmpty {
                switch state {
                case .data(let left):
                    let data = rest.prefix(left)
                    if verifier != nil { hasher.update(data: data) }
                    output.append(contentsOf: data)
                    rest = rest.dropFirst(left)
                    state = data.count < left ? .data(left: left - data.count) : .dataEnd
                case .finished: throw .incompleteBody
                default:
                    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                        line.append(contentsOf: rest)
                        guard line.count <= Self.maxLine else { throw .incompleteBody }
                        return
                    }
                    line.append(contentsOf: rest[..<end])
                    rest = rest[(end + 1)...]
                    guard line.count <= Self.maxLine, line.popLast() == UInt8(ascii: "\r") else {
                        throw .incompleteBody
                    }
                    let text = String(decoding: line, as: UTF8.self)
                    line.removeAll(keepingCapacity: true)
                    try take(line: text)
                }
            }
        }

        /// The fields behind the last chunk, without their signature.
        public mutating func finish() throws(Failure) -> HTTPHeaders {
            switch state {
            case .finished: break
            // Some clients leave out the empty line behind a last chunk without trailing fields.
            case .trailers where trailers.isEmpty && line.isEmpty: break
            default: throw .incompleteBody
            }
            guard verifier == nil || trailers.isEmpty || areTrailersSigned else { throw .chunkMismatch }
            return HTTPHeaders(trailers)
        }

        private mutating func take(line: String) throws(Failure) {
            switch state {
            case .size: try begin(line)
            case .dataEnd:
                guard line.isEmpty else { throw .incompleteBody }
                try checkChunk()
                state = .size
            case .trailers: try takeTrailer(line)
            case .data, .finished: throw .incompleteBody
            }
        }

        private mutating func begin(_ line: String) throws(Failure) {
            let parts = line.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            guard let size = Int(parts[0], radix: 16), size >= 0, size <= Self.maxChunk else { throw .incompleteBody }
            let name = "chunk-signature="
            signature = parts.count > 1 && parts[1].hasPrefix(name) ? String(parts[1].dropFirst(name.count)) : nil
            hasher = SHA256()
            if size > 0 {
                state = .data(left: size)
            } else {
                try checkChunk()
                state = .trailers
            }
        }

        private mutating func checkChunk() throws(Failure) {
            try verifier?.check(signature, chunkHash: hex(hasher.finalize()))
        }

        private mutating func takeTrailer(_ line: String) throws(Failure) {
            guard !line.isEmpty else {
                state = .finished
                return
            }
            let halves = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, trailers.count < 32 else { throw .incompleteBody }
            let name = halves[0].lowercased()
            let value = halves[1].split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            guard name == "x-amz-trailer-signature" else {
                trailers.append((name, value))
                return
            }
            let text = trailers.map { "\($0.name):\($0.value)\n" }.joined()
            try verifier?.check(value, trailers: text)
            areTrailersSigned = true
        }
    }
}

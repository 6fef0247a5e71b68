import AWSWire
import BatonCore
import JSON

/// Runs a function and answers with a stream of events: the payload in pieces, then its end. Functions answer as a
/// whole, so nothing is sent before they have ended.
/// Errors: as ``Invoke``. Source: Lambda API reference, InvokeWithResponseStream.
enum InvokeWithResponseStream: Operation {
    typealias Input = Invoke.Input

    struct Output: Encodable, Sendable {
        let statusCode: Int
        let executedVersion: String?
    }

    /// Bytes of one piece.
    private static let pieceBytes = 1 << 16

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let answer = try await Invoke.run(input, context)
        let payload = answer.payload?.bytes ?? []
        var stream: [UInt8] = []
        if answer.functionError == nil {
            for start in stride(from: 0, to: payload.count, by: pieceBytes) {
                let piece = Array(payload[start..<min(start + pieceBytes, payload.count)])
                stream += EventStream.message("PayloadChunk", "application/octet-stream", piece)
            }
        }
        var end: JSON = [:]
        if let error = answer.functionError {
            end["ErrorCode"] = .string(error)
            end["ErrorDetails"] = .string(String(decoding: payload, as: UTF8.self))
        }
        end["LogResult"] = answer.logResult.map { .string($0) }
        stream += EventStream.message("InvokeComplete", "application/json", end.serialized())
        context.reply?.body = .bytes(stream)
        context.reply?.addHeader("Content-Type", EventStream.contentType)
        return Output(statusCode: answer.statusCode, executedVersion: answer.executedVersion)
    }
}

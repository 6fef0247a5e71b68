import AWSWire
import BatonCore
import Foundation
import JSON

/// Answers an object's content, whole or a part of it, with what was stored beside it.
/// Errors: NoSuchBucket, NoSuchKey, InvalidRange, PreconditionFailed. Source: S3 API reference, GetObject.
enum GetObject: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let reading = try ObjectReading(input, context)
        let path = ContentFiles(context).path(reading.object.file)
        let (offset, length) = (reading.range?.offset ?? 0, reading.range?.length ?? reading.object.size)
        var output = reading.output
        if let reply = context.reply {
            reply.body = .file(path: path, offset: offset, length: length)
        } else {
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw AWSError("InternalError", "The content of the object is missing.", status: 500)
            }
            defer { try? file.close() }
            do {
                try file.seek(toOffset: UInt64(offset))
                output["Body"] = .bytes(Array(try file.read(upToCount: length) ?? Data()))
            } catch {
                throw context.host.awsError(of: error)
            }
        }
        return .object(output)
    }
}

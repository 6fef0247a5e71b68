import AWSWire
import NIOCore
import NIOHTTP1

/// What the head of a response needs besides the response itself.
struct ResponseFraming {
    var isHead = false
    var isHTTP10 = false
    var closes = false
    var dateLine = ""

    /// Status codes whose responses have no body and no length (RFC 9110, section 6.4.1).
    static func hasBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }
}

extension ByteBuffer {
    /// Writes status line and header fields. Length and connection fields follow from `framing`; those that the
    /// handler set are dropped, except for the length of a HEAD response, which only the handler can know.
    mutating func writeHead(_ response: HTTPResponse, _ framing: ResponseFraming) {
        if response.status == 200 {
            writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            writeString("HTTP/1.1 \(response.status) ")
            writeString(HTTPResponseStatus(statusCode: response.status).reasonPhrase)
            writeStaticString("\r\n")
        }
        var ownLength: String?
        for (name, value) in response.headers.fields {
            switch FramingField(name) {
            case .length: ownLength = value
            case .connection: continue
            case nil:
                writeFieldText(name)
                writeStaticString(": ")
                writeFieldText(value)
                writeStaticString("\r\n")
            }
        }
        writeString(framing.dateLine)
        if framing.isHead, response.body.count == 0, let length = ownLength.flatMap(Int.init) {
            writeLength(length)
        } else if ResponseFraming.hasBody(response.status) {
            writeLength(response.body.count)
        }
        if framing.closes {
            writeStaticString("Connection: close\r\n")
        } else if framing.isHTTP10 {
            writeStaticString("Connection: keep-alive\r\n")
        }
        writeStaticString("\r\n")
    }

    private mutating func writeLength(_ length: Int) {
        writeStaticString("Content-Length: ")
        writeString(String(length))
        writeStaticString("\r\n")
    }

    /// A line break inside of a field would begin another field: control characters leave as spaces.
    private mutating func writeFieldText(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            // Counted without an early exit, so that the compiler looks at many bytes at once.
            var controls = 0
            for byte in bytes { controls += byte < 0x20 && byte != 0x09 ? 1 : 0 }
            if controls > 0 {
                writeBytes(bytes.map { $0 >= 0x20 || $0 == 0x09 ? $0 : 0x20 })
            } else {
                writeBytes(bytes)
            }
        }
    }
}

/// Header fields that belong to the transport, not to the handler.
private enum FramingField {
    case length, connection

    init?(_ name: String) {
        switch name.utf8.count {
        case 14 where name.lowercased() == "content-length": self = .length
        case 10 where ["connection", "keep-alive"].contains(name.lowercased()): self = .connection
        case 17 where name.lowercased() == "transfer-encoding": self = .connection
        default: return nil
        }
    }
}

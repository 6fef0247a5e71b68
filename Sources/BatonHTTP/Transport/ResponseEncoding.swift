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
        // More than the fields that are not the handler's, and the status line, ever take.
        var size = 256 + framing.dateLine.utf8.count
        for (name, value) in response.headers.fields { size += name.utf8.count + value.utf8.count + 4 }
        writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
            var head = HeadText(memory: memory)
            head.add(response, framing)
            return head.count
        }
    }
}

/// Fills memory that suffices. The head of a response is dozens of small pieces: each costs less here than as a write of
/// its own to a buffer.
private struct HeadText {
    let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    mutating func add(_ response: HTTPResponse, _ framing: ResponseFraming) {
        if response.status == 200 {
            add("HTTP/1.1 200 OK\r\n")
        } else {
            add("HTTP/1.1 ")
            add(text: String(response.status))
            add(" ")
            add(text: HTTPResponseStatus(statusCode: response.status).reasonPhrase)
            add("\r\n")
        }
        var ownLength: String?
        for (name, value) in response.headers.fields {
            switch FramingField(name) {
            case .length: ownLength = value
            case .connection: continue
            case nil:
                add(field: name)
                add(": ")
                add(field: value)
                add("\r\n")
            }
        }
        add(text: framing.dateLine)
        if framing.isHead, response.body.count == 0, let length = ownLength.flatMap(Int.init) {
            add(length: length)
        } else if ResponseFraming.hasBody(response.status) {
            add(length: response.body.count)
        }
        if framing.closes {
            add("Connection: close\r\n")
        } else if framing.isHTTP10 {
            add("Connection: keep-alive\r\n")
        }
        add("\r\n")
    }

    private mutating func add(length: Int) {
        add("Content-Length: ")
        add(text: String(length))
        add("\r\n")
    }

    private mutating func add(_ text: StaticString) {
        add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func add(text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// A line break inside of a field would begin another field: control characters leave as spaces.
    private mutating func add(field text: String) {
        let start = count
        add(text: text)
        // Counted without an early exit, so that the compiler looks at many bytes at once.
        var controls = 0
        for byte in memory[start..<count] { controls += byte < 0x20 ? 1 : 0 }
        guard controls > 0 else { return }
        for index in start..<count where memory[index] < 0x20 && memory[index] != 0x09 { memory[index] = 0x20 }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        // Never less than what was counted; the check keeps a mistake there from writing elsewhere.
        guard bytes.count <= memory.count - count else { return }
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
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

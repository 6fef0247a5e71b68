/// Messages of the event stream encoding: lengths, headers, payload, checksums.
/// Source: "Amazon Event Stream Specification", Smithy.
enum EventStream {
    static let contentType = "application/vnd.amazon.eventstream"

    static func message(_ event: String, _ contentType: String, _ payload: [UInt8]) -> [UInt8] {
        let headers =
            header(":event-type", event) + header(":content-type", contentType) + header(":message-type", "event")
        var message = number(UInt32(16 + headers.count + payload.count)) + number(UInt32(headers.count))
        message += number(checksum(message))
        message += headers + payload
        return message + number(checksum(message))
    }

    /// A header of the type text, which is 7.
    private static func header(_ name: String, _ value: String) -> [UInt8] {
        let (name, value) = (Array(name.utf8), Array(value.utf8))
        return [UInt8(truncatingIfNeeded: name.count)] + name
            + [7, UInt8(truncatingIfNeeded: value.count >> 8), UInt8(truncatingIfNeeded: value.count)] + value
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    /// CRC-32 as in zip files.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { value, byte in table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
}

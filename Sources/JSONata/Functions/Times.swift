extension Library {
    static let times: [Native] = [
        Native("now", "<s?s?:s>", 2) { call throws(Failure) in
            .string(try format(Double(call.machine.environment.nowMs), call.string(0), call.string(1)))
        },
        Native("millis", "<:n>", 0) { call throws(Failure) in .number(Double(call.machine.environment.nowMs)) },
        Native("fromMillis", "<n-s?s?:s>", 3) { call throws(Failure) in
            guard let ms = call.number(0) else { return .undefined }
            return .string(try format(ms, call.string(1), call.string(2)))
        },
        Native("toMillis", "<s-s?:n>", 2) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            if let picture = call.string(1) {
                return try DateTimePicture(picture).parse(text, call.machine).map { .number($0) } ?? .undefined
            }
            guard let ms = Timestamp.ms(text) else { throw Failure("D3110", value: call[0]) }
            return .number(ms)
        },
    ]

    private static func format(_ ms: Double, _ picture: String?, _ zone: String?) throws(Failure) -> String {
        try DateTimePicture(picture ?? DateTimePicture.iso8601).format(ms, zone: zone)
    }
}

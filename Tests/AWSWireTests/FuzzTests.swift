import AWSModel
import AWSWire
import JSON
import Testing

/// Hostile input gives an error or a result, never a crash. Seeded, so that a failure comes again.
@Suite struct FuzzTests {
    /// SplitMix64.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }

    static let rounds = 1_500

    @Test(arguments: RoundTripTests.inputs.map { ($0.0, $0.1, $0.2) })
    func mutatedRequests(_ service: String, _ operation: String, _ input: JSON) throws {
        let side = try Side(service)
        let validator = Validator(side.model)
        let valid = side.client.encode(input, of: try side.operation(operation))
        var random = Random(state: 42)
        for _ in 0..<Self.rounds {
            var request = valid
            switch Int.random(in: 0..<4, using: &random) {
            case 0: request.path = String(decoding: Self.mutate(Array(valid.path.utf8), &random), as: UTF8.self)
            case 1: request.query = String(decoding: Self.mutate(Array(valid.query.utf8), &random), as: UTF8.self)
            case 2:
                var headers = HTTPHeaders()
                for (name, value) in valid.headers.fields {
                    headers.add(name, String(decoding: Self.mutate(Array(value.utf8), &random), as: UTF8.self))
                }
                request.headers = headers
            default:
                guard case .bytes(let body) = valid.body else { continue }
                request.body = .bytes(Self.mutate(body, &random))
            }
            _ = try? Self.serve(request, side, validator)
        }
    }

    @Test(arguments: RoundTripTests.outputs.map { ($0.0, $0.1, $0.2) })
    func mutatedAnswers(_ service: String, _ operation: String, _ output: JSON) throws {
        let side = try Side(service)
        let facts = try side.operation(operation)
        let valid = side.server.encode(output, of: facts, wire: side.client.wire, requestId: "r")
        var random = Random(state: 7)
        for _ in 0..<Self.rounds {
            guard case .bytes(let body) = valid.body else { continue }
            var response = valid
            response.body = .bytes(Self.mutate(body, &random))
            if Bool.random(using: &random) {
                response.status = [200, 400, 404, 500].randomElement(using: &random) ?? 200
            }
            _ = side.client.decode(response, of: facts)
        }
    }

    /// A tree of any form can be written: services may answer nonsense.
    @Test(arguments: ServiceModel.all)
    func nonsenseOutputs(_ service: String) throws {
        let side = try Side(service)
        var random = Random(state: 3)
        for name in side.model.operations.keys.sorted() {
            let operation = try side.operation(name)
            let output = Self.nonsense(operation.output, 0, &random)
            for wire in [Wire.json(version: "1.0"), .query, .restJSON, .restXML] {
                _ = side.server.encode(output, of: operation, wire: wire, requestId: "r")
            }
            _ = side.client.encode(Self.nonsense(operation.input, 0, &random), of: operation)
        }
    }

    @Test func deepBodies() throws {
        let depth = 10_000
        let bodies = [
            String(repeating: "[", count: depth), String(repeating: "{\"Key\":", count: depth),
            String(repeating: "{\"Key\":{\"a\":{\"L\":[", count: depth), String(repeating: "<Delete>", count: depth),
            "Action=GetItem&" + String(repeating: "a.", count: depth) + "=1",
        ]
        for body in bodies {
            for (service, headers) in [
                ("dynamodb", ["X-Amz-Target": "DynamoDB_20120810.GetItem"] as HTTPHeaders), ("s3", [:]), ("sns", [:]),
                ("sqs", [:]),
            ] {
                let server = try Side(service).server
                #expect(throws: AWSError.self) { try server.decode(request("POST", "/b?delete", headers, body)) }
            }
        }
    }

    @Test func entitiesAndDocumentTypesAreRefused() throws {
        let server = try Side("s3").server
        for body in [
            "<!DOCTYPE d [<!ENTITY a \"b\">]><Delete><Object><Key>&a;</Key></Object></Delete>",
            "<Delete><Object><Key>&unknown;</Key></Object></Delete>",
            "<Delete><Object><Key>&#0;</Key></Object></Delete>",
            "<Delete a=\"1\" a=\"2\"/>", "<Delete><Object></Delete></Object>", "<Delete/><Delete/>",
            "<Delete>\u{1}</Delete>", "text",
        ] {
            #expect(errorOf { try server.decode(request("POST", "/b?delete", [:], body)) }?.code == "MalformedXML")
        }
    }

    private static func serve(_ request: HTTPRequest, _ side: Side, _ validator: Validator) throws {
        do throws(AWSError) {
            let call = try side.server.decode(request)
            try validator.validate(call.input, call.operation.input)
            _ = side.server.encode([:], of: call, requestId: "r")
        } catch {
            _ = side.server.encode(error, for: request, requestId: "r")
        }
    }

    private static func mutate(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
        var bytes = bytes
        let interesting = Array("\"\\{}[]<>&=%+.,:;/?# -0129aeE\u{0}\u{7F}".utf8) + [0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(at...)
            case 1: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &random) }
            case 2: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: at)
            case 3: if at < bytes.count { bytes.remove(at: at) }
            default:
                let end = min(bytes.count, at + 12)
                bytes.insert(contentsOf: bytes[at..<end], at: at)
            }
        }
        return bytes
    }

    private static func nonsense(_ shape: Shape?, _ depth: Int, _ random: inout Random) -> JSON {
        let any: [JSON] = [
            .null, true, 7, "x", .bytes([1]), [], [:], ["x"], ["a": "b"], .number(.init(unchecked: "1e400")),
        ]
        guard let shape, depth < 4, Int.random(in: 0..<4, using: &random) > 0 else {
            return any.randomElement(using: &random) ?? .null
        }
        switch shape.kind {
        case .structure:
            return .object(JSON.Object(shape.members.map { ($0.name, nonsense($0.shape, depth + 1, &random)) }))
        case .list: return [nonsense(shape.element?.shape, depth + 1, &random)]
        case .map: return ["k<": nonsense(shape.value?.shape, depth + 1, &random)]
        default: return any.randomElement(using: &random) ?? .null
        }
    }
}

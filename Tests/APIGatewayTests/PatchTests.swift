import AWSWire
import JSON
import Testing

@testable import APIGateway

@Suite("Patch operations") struct PatchTests {
    private static let tree: JSON = [
        "name": "a", "binaryMediaTypes": ["image/png"], "endpointConfiguration": ["types": ["EDGE"]],
        "tags": ["k": "v"],
    ]

    /// Operation, path, value, and the members that change.
    static let cases: [(String, String, String?, JSON)] = [
        ("replace", "/name", "b", ["name": "b"]), ("remove", "/name", nil, ["name": nil]),
        ("replace", "/minimumCompressionSize", "10", ["minimumCompressionSize": 10]),
        ("replace", "/disableExecuteApiEndpoint", "true", ["disableExecuteApiEndpoint": true]),
        ("add", "/binaryMediaTypes/image~1gif", nil, ["binaryMediaTypes": ["image/png", "image/gif"]]),
        ("remove", "/binaryMediaTypes/image~1png", nil, ["binaryMediaTypes": []]),
        ("replace", "/endpointConfiguration/types/0", "REGIONAL", ["endpointConfiguration": ["types": ["REGIONAL"]]]),
        (
            "replace", "/endpointConfiguration/types/EDGE", "REGIONAL",
            ["endpointConfiguration": ["types": ["REGIONAL"]]]
        ),
        ("add", "/tags/a~0b", "c", ["tags": ["k": "v", "a~b": "c"]]),
    ]

    @Test("change one member", arguments: cases)
    func change(op: String, path: String, value: String?, changes: JSON) throws {
        var patch: JSON = ["op": .string(op), "path": .string(path)]
        patch["value"] = value.map { .string($0) }
        var expected = Self.tree
        for (name, value) in changes.object ?? [:] {
            expected[name] = value
            // JSON has a nil literal of its own.
            if value.isNull { expected[name] = Optional<JSON>.none }
        }
        #expect(try Patch.apply([patch], to: Self.tree, "UpdateRestApi") == expected)
    }

    @Test(
        "are refused for what is not there or cannot change",
        arguments: [
            ("replace", "/id", "x"), ("replace", "/absent", "x"), ("replace", "name", "x"), ("replace", "/", "x"),
            ("test", "/name", "x"), ("remove", "/binaryMediaTypes/absent", ""), ("remove", "/tags/absent", ""),
            ("replace", "/minimumCompressionSize", "many"), ("replace", "/name/inner", "x"),
        ])
    func refused(op: String, path: String, value: String) {
        let patch: JSON = ["op": .string(op), "path": .string(path), "value": .string(value)]
        #expect(throws: AWSError.self) { try Patch.apply([patch], to: Self.tree, "UpdateRestApi") }
    }
}

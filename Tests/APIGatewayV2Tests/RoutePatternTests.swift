import Testing

@testable import APIGatewayV2

@Suite("Routes") struct RoutePatternTests {
    static let keys = [
        "$default", "ANY /", "GET /pets", "GET /pets/{id}", "POST /pets/{id}", "ANY /pets/dog/1", "ANY /pets/{proxy+}",
        "GET /pets/dog/{name}", "ANY /{proxy+}",
    ]

    /// A request, the route that answers it, the path parameters.
    static let cases: [(String, String, String, [String])] = [
        ("GET", "/", "ANY /", []),
        ("GET", "/pets", "GET /pets", []),
        ("GET", "/pets/", "GET /pets", []),
        ("DELETE", "/pets", "ANY /{proxy+}", ["proxy=pets"]),
        ("GET", "/pets/5", "GET /pets/{id}", ["id=5"]),
        ("POST", "/pets/5", "POST /pets/{id}", ["id=5"]),
        ("PUT", "/pets/5", "ANY /pets/{proxy+}", ["proxy=5"]),
        ("GET", "/pets/dog/1", "ANY /pets/dog/1", []),
        ("GET", "/pets/dog/2", "GET /pets/dog/{name}", ["name=2"]),
        ("GET", "/pets/cat/6/x", "ANY /pets/{proxy+}", ["proxy=cat/6/x"]),
        ("GET", "/other", "ANY /{proxy+}", ["proxy=other"]),
    ]

    @Test("are chosen by how exactly they fit", arguments: cases)
    func chosen(method: String, path: String, key: String, parameters: [String]) throws {
        let patterns = try Self.keys.map { try #require(RoutePattern($0)) }
        let found = patterns.filter { $0.match(method: method, RoutePattern.split(path)) != nil }
            .min(by: RoutePattern.isMoreSpecific)
        #expect(found?.key == key)
        let values = found?.match(method: method, RoutePattern.split(path)) ?? []
        #expect(values.map { "\($0.name)=\($0.value)" } == parameters)
    }

    @Test("are refused", arguments: ["", "GET", "/x", "FETCH /x", "GET x", "GET /{p+}/x", "$other"])
    func refused(key: String) { #expect(RoutePattern(key) == nil) }
}

import JSON
import Testing

@testable import JSONata

/// The official test suite, case by case. Its error positions are not recorded, its codes and tokens are.
@Suite struct VectorTests {
    @Test(.enabled(if: Vectors.found != nil, "the vectors are not beside the repository"), arguments: Vectors.cases)
    func vector(_ vector: Vectors.Case) throws {
        let folder = try #require(Vectors.found)
        let fields = vector.fields
        let source = try #require(fields["expr"]?.string)
        var bindings: [String: JSON] = [:]
        for (name, value) in fields["bindings"]?.object?.members ?? [] { bindings[name] = value }
        var environment = Environment.fixed
        if let depth = fields["depth"]?.int { environment.depth = depth }
        environment.timeLimitMs = 60_000
        // An endless loop is cut off when the suite says, or sooner.
        if source.contains("$inf()") { environment.timeLimitMs = 200 }

        let outcome = Outcome(source, try folder.input(fields), bindings: bindings, environment: environment)

        let error = fields["error"] ?? fields
        if let code = error["code"]?.string {
            guard case .failure(let failure) = outcome else {
                Issue.record("\(source): expected \(code), got \(outcome)")
                return
            }
            #expect(failure.code == code, "\(source)")
            if let token = error["token"]?.string { #expect(failure.token == token, "\(source)") }
        } else if fields["undefinedResult"]?.bool == true {
            #expect(outcome == .nothing, "\(source)")
        } else if let result = fields["result"] {
            guard case .value(let value) = outcome else {
                Issue.record("\(source): expected \(result), got \(outcome)")
                return
            }
            #expect(Outcome.same(value, result), "\(source): \(value) is not \(result)")
        }
    }
}

import AWSWire
import BatonTesting
import JSON
import Testing

@testable import DynamoDB

@Suite("PartiQL statements")
struct StatementTests {
    private func host() async throws -> TestHost {
        let host = try await dynamoHost()
        for number in 1...3 {
            _ = try await host.dynamo(
                "ExecuteStatement",
                [
                    "Statement": "INSERT INTO full VALUE {'pk': 'a', 'sk': ?, 'g': 'x', 'proj': ?}",
                    "Parameters": [["N": .string(String(number))], ["S": .string("p\(number)")]],
                ])
        }
        return host
    }

    private func items(_ host: TestHost, _ statement: String, _ more: JSON = [:]) async throws -> JSON? {
        var input: JSON = ["Statement": .string(statement)]
        for (name, value) in more.object ?? [:] { input[name] = value }
        return try await host.dynamo("ExecuteStatement", input)["Items"]
    }

    @Test("read items, partitions and indexes, in pages")
    func select() async throws {
        let host = try await host()
        #expect(
            try await items(host, "SELECT proj FROM full WHERE pk = 'a' AND sk >= 2 ORDER BY sk DESC")
                == [item(["proj": "p3"]), item(["proj": "p2"])])
        #expect(
            try await items(host, "SELECT proj FROM full WHERE pk = 'a' AND sk = 2") == [item(["proj": "p2"])])
        #expect(
            try await items(host, "SELECT proj FROM \"full\".\"by-g\" WHERE g = 'x' AND proj <> 'p2'")?.array?.count
                == 2)
        #expect(try await items(host, "SELECT * FROM full WHERE proj = 'p1'")?.array?.count == 1)
        let first = try await host.dynamo("ExecuteStatement", ["Statement": "SELECT sk FROM full", "Limit": 2])
        #expect(first["Items"]?.array?.count == 2)
        #expect(first["LastEvaluatedKey"] == item(["pk": "a", "sk": 2]))
        #expect(
            try await items(host, "SELECT sk FROM full", ["NextToken": first["NextToken"] ?? ""]) == [item(["sk": 3])])
    }

    @Test("change and delete items")
    func write() async throws {
        let host = try await host()
        #expect(
            try await items(
                host, "UPDATE full SET proj = 'new' WHERE pk = 'a' AND sk = 1 AND g = 'x' RETURNING MODIFIED NEW *")
                == [item(["proj": "new"])])
        #expect(
            try await items(host, "DELETE FROM full WHERE pk = 'a' AND sk = 1 RETURNING ALL OLD *")
                == [item(["pk": "a", "sk": 1, "g": "x", "proj": "new"])])
        #expect(try await items(host, "DELETE FROM full WHERE pk = 'a' AND sk = 1") == [])
        let cases: [(JSON, String, String)] = [
            (
                "INSERT INTO full VALUE {'pk': 'a', 'sk': 2}", "DuplicateItemException",
                "Duplicate primary key exists in table"
            ),
            (
                "UPDATE full SET x = 1 WHERE pk = 'a' AND sk = 9", "ConditionalCheckFailedException",
                "The conditional request failed"
            ),
            (
                "UPDATE full SET x = 1 WHERE pk = 'a'", "ValidationException",
                "Where clause does not contain a mandatory equality on all key attributes"
            ),
            ("SELECT * FROM absent", "ResourceNotFoundException", "Requested resource not found"),
            (
                "INSERT INTO full VALUE {'pk': 1, 'sk': 2}", "ValidationException",
                "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"
            ),
        ]
        for (statement, code, message) in cases {
            let failure = await host.failure("dynamodb", "ExecuteStatement", ["Statement": statement])
            #expect(failure?.code == code)
            #expect(failure?.message == message)
        }
    }

    @Test("come in batches, each with its own answer")
    func batch() async throws {
        let host = try await host()
        let answer = try await host.dynamo(
            "BatchExecuteStatement",
            [
                "Statements": [
                    ["Statement": "SELECT proj FROM full WHERE pk = 'a' AND sk = 1"],
                    ["Statement": "SELECT * FROM full WHERE pk = 'a'"],
                    ["Statement": "SELECT * FROM full WHERE pk = 'a' AND sk = 9"],
                ]
            ])
        #expect(answer["Responses"]?[0] == ["TableName": "full", "Item": item(["proj": "p1"])])
        #expect(answer["Responses"]?[1]?["Error"]?["Code"] == "ValidationError")
        #expect(answer["Responses"]?[2] == ["TableName": "full"])
    }

    @Test("come in transactions")
    func transaction() async throws {
        let host = try await host()
        let failure = await host.failure(
            "dynamodb", "ExecuteTransaction",
            [
                "TransactStatements": [
                    ["Statement": "INSERT INTO plain VALUE {'pk': 'new'}"],
                    ["Statement": "EXISTS(SELECT * FROM full WHERE pk = 'a' AND sk = 1 AND proj = 'other')"],
                ]
            ])
        #expect(failure?.code == "TransactionCanceledException")
        #expect(failure?.fields["CancellationReasons"]?[1]?["Code"] == "ConditionalCheckFailed")
        #expect(try await items(host, "SELECT * FROM plain") == [])
        _ = try await host.dynamo(
            "ExecuteTransaction",
            [
                "TransactStatements": [
                    ["Statement": "INSERT INTO plain VALUE {'pk': 'new'}"],
                    ["Statement": "DELETE FROM full WHERE pk = 'a' AND sk = 1"],
                ]
            ])
        #expect(
            try await host.dynamo(
                "ExecuteTransaction",
                [
                    "TransactStatements": [
                        ["Statement": "SELECT * FROM plain WHERE pk = 'new'"],
                        ["Statement": "SELECT * FROM full WHERE pk = 'a' AND sk = 1"],
                    ]
                ])["Responses"] == [["Item": item(["pk": "new"])], [:]])
    }
}

import AWSWire
import JSON
import Testing

@testable import DynamoDBExpressions

@Suite("PartiQL")
struct PartiQLTests {
    private static let item = try? Item(
        tree: [
            "pk": ["S": "a"], "n": ["N": "5"], "s": ["S": "text"], "l": ["L": [["N": "1"], ["N": "2"]]],
            "m": ["M": ["in side": ["S": "x"]]], "ss": ["SS": ["p", "q"]], "none": ["NULL": true],
        ])

    @Test(
        "conditions hold as they are written",
        arguments: [
            ("pk = 'a'", true),
            ("'a' = pk AND n > 4", true),
            ("n BETWEEN 1 AND 5", true),
            ("n NOT BETWEEN 1 AND 5", false),
            ("n IN [1, 5]", true),
            ("n in (1, 2)", false),
            ("s <> 'text' OR n != 5", false),
            ("NOT (n < 5)", true),
            ("begins_with(s, 'te')", true),
            ("contains(ss, 'q') AND size(l) = 2", true),
            ("m.\"in side\" = 'x'", true),
            ("m['in side'] = 'x'", true),
            ("l[1] = 2", true),
            ("x IS MISSING", true),
            ("pk IS NOT MISSING", true),
            ("none IS NULL", true),
            ("attribute_type(n, 'N')", true),
            ("n = -5", false),
            ("s = 'it''s'", false),
        ])
    func conditions(_ text: String, _ holds: Bool) throws {
        let statement = try PartiQLStatement("SELECT * FROM \"t\" WHERE \(text)", parameters: [])
        #expect(statement.condition?.holds(for: try #require(Self.item)) == holds)
    }

    @Test("names table, index, paths and order")
    func select() throws {
        let statement = try PartiQLStatement(
            "select pk, m.x from \"my-table\".\"by n\" where pk = ? order by n desc", parameters: [.string("a")])
        #expect(statement.table == "my-table")
        #expect(statement.index == "by n")
        guard case .select(let paths, let isDescending) = statement.action else { throw CancellationError() }
        #expect(paths == [Path("pk"), Path("m", [.name("x")])])
        #expect(isDescending)
        #expect(statement.equalities(["pk"]) == ["pk": .string("a")])
        #expect(statement.condition(without: ["pk"]) == nil)
    }

    @Test("writes literals of every type")
    func insert() throws {
        let statement = try PartiQLStatement(
            "INSERT INTO t VALUE {'pk': 'a', 'n': 1.50, 'l': [true, null], 'm': {'x': ?}, 'ss': <<'a', 'b'>>, 'ns': <<1>>}",
            parameters: [.binary([1])])
        guard case .insert(let item) = statement.action else { throw CancellationError() }
        #expect(
            item.tree == [
                "pk": ["S": "a"], "n": ["N": "1.5"], "l": ["L": [["BOOL": true], ["NULL": true]]],
                "m": ["M": ["x": ["B": .bytes([1])]]], "ss": ["SS": ["a", "b"]], "ns": ["NS": ["1"]],
            ])
    }

    @Test("changes items")
    func update() throws {
        let statement = try PartiQLStatement(
            """
            UPDATE t SET n = n + 1, l = list_append(l, [3]) SET x = if_not_exists(x, 'new') SET ss = set_add(ss, <<'r'>>)
            REMOVE s WHERE pk = 'a' RETURNING ALL NEW *
            """, parameters: [])
        #expect(statement.returning == "ALL_NEW")
        guard case .update(let update) = statement.action else { throw CancellationError() }
        let changed = try update.applied(to: try #require(Self.item))
        #expect(changed["n"] == .number(Number(6)))
        #expect(changed["l"] == .list([.number(Number(1)), .number(Number(2)), .number(Number(3))]))
        #expect(changed["x"] == .string("new"))
        #expect(changed["ss"] == .stringSet(["p", "q", "r"]))
        #expect(changed["s"] == nil)
    }

    @Test(
        "refuses what is no statement",
        arguments: [
            "", "SELECT", "SELECT * FROM", "SELECT * FROM t WHERE", "SELECT * FROM t WHERE n", "DELETE FROM t",
            "INSERT INTO t VALUE 1", "UPDATE t WHERE pk = 'a'", "SELECT * FROM t WHERE pk = 'a", "SELECT * FROM t more",
            "SELECT * FROM t WHERE pk = @", "INSERT INTO t VALUE {'a': <<1, 'b'>>}",
        ])
    func refused(_ text: String) {
        #expect(throws: AWSError.self) { try PartiQLStatement(text, parameters: []) }
    }

    @Test("counts its parameters")
    func parameters() {
        for parameters in [[], [AttributeValue.null, .null]] {
            #expect(
                throws: AWSError.validation("Number of parameters in request and statement don't match.")
            ) { try PartiQLStatement("SELECT * FROM t WHERE a = ?", parameters: parameters) }
        }
    }

    @Test("bounds its depth")
    func depth() {
        for text in [
            String(repeating: "(", count: 10_000), String(repeating: "NOT ", count: 10_000),
            "a = " + String(repeating: "[", count: 10_000),
        ] {
            #expect(throws: AWSError.self) {
                try PartiQLStatement("SELECT * FROM t WHERE \(text)", parameters: [])
            }
        }
    }
}

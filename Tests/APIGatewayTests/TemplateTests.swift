import JSON
import Testing

@testable import APIGateway

@Suite("Mapping templates") struct TemplateTests {
    private static let body = #"{"name":"O'Neil","tags":["a","b"],"n":3,"inner":{"k":"v","l":[1,{"x":"y"}]},"no":null}"#

    private static func input(_ body: String = body) -> TemplateInput {
        TemplateInput(
            body: Array(body.utf8),
            parameters: [
                "path": ["id": "7"], "querystring": ["q": "1", "id": "query"],
                "header": ["X-Who": "me", "id": "header"],
            ], context: ["stage": "dev", "identity": ["sourceIp": "1.2.3.4"]], stageVariables: ["table": "pets"])
    }

    private static func run(_ text: String, body: String = body) throws -> String {
        try TemplateMachine.run(try Template(text), input(body)).text
    }

    /// A template and what comes out.
    static let cases: [(String, String)] = [
        // Texts and references.
        ("plain # text, $5 and $", "plain # text, $5 and $"),
        ("$input.body", body), ("$stageVariables.table ${stageVariables.table}s", "pets petss"),
        ("$context.stage $context.identity.sourceIp [$context.absent]", "dev 1.2.3.4 []"),
        ("$absent $!absent ${absent}", "$absent  ${absent}"), (##"\$input \#if"##, "$input #if"),
        ("a## comment\nb#* more\n *#c", "abc"),
        // Parameters: path, then query, then header.
        ("$input.params('id') $input.params('q') $input.params('x-who') [$input.params('none')]", "7 1 me []"),
        ("$input.params().header.get('X-Who')", "me"), ("$input.params('path')", "{id=7}"),
        ("#foreach($p in $input.params().querystring.keySet())$p;#end", "q;id;"),
        // The body.
        ("$input.json('$.inner')", #"{"k":"v","l":[1,{"x":"y"}]}"#), ("$input.json('$.name')", #""O'Neil""#),
        ("$input.json('$.tags[1]') $input.json('$..x')", #""b" ["y"]"#), ("$input.json('$.absent')", #""""#),
        ("$input.path('$.inner')", #"{k=v, l=[1,{"x":"y"}]}"#), ("$input.path('$.tags')", #"["a","b"]"#),
        ("$input.path('$').inner.l[1].x $input.path('$.n')", "y 3"), ("[$input.path('$.absent')]", "[]"),
        // Directives.
        ("#set($a = 1)\n#set($b = $a + 2)\n$b", "3"), ("#set( $x = \"n is $input.path('$.n')\" )$x", "n is 3"),
        ("#set($x = 'n is $n')$x", "n is $n"), ("#if($input.path('$.n') > 2)big#{else}small#end", "big"),
        ("#if(false)a#elseif($input.path('$.no'))b#else c#end", " c"),
        ("#if($absent || !$absent && 1 == 1.0)yes#end", "yes"), ("#if('a' == 'b')x#end-", "-"),
        (
            "#foreach($t in $input.path('$.tags'))$foreach.index$velocityCount$t#if($foreach.hasNext),#end#end",
            "01a,12b"
        ),
        ("#foreach($i in [1..5])#if($i == 3)#break#end$i#end", "12"), ("a#stop b", "a"),
        ("#foreach($v in {'a': 1, 'b': 2})$v#end", "12"), ("#foreach($i in [])x#end", ""),
        // Methods, which may change what they are called on.
        ("#set($l = [])#set($d = $l.add('x'))$l.size()$l.get(0)$l", #"1x["x"]"#),
        ("#set($m = {})#set($m.a = 1)#set($d = $m.put('b', [2]))$m.b[0]$m", "2{a=1, b=[2]}"),
        ("#set($m = {'k': {'l': []}})#set($d = $m.k.l.add(7))$m", "{k={l=[7]}}"),
        ("#foreach($e in $input.path('$.inner').entrySet())$e.key#end", "kl"),
        (
            "#set($s = 'a-b-c')$s.split('-').size() $s.replaceAll('[ab]', 'x') $s.substring(2) $s.indexOf('b')",
            "3 x-x-c b-c 2"
        ),
        ("#set($s = ' Hi ')$s.trim().toUpperCase().length() #if($s.contains('H'))y#end", "2 y"),
        ("#set($Integer = 0)#set($n = $Integer.parseInt('41') + 1)$n", "42"),
        ("#set($x = 7 / 2)$x #set($x = 7 % 2)$x #set($x = 1 + 'a')$x", "3 1 1a"),
        // Utilities.
        ("$util.escapeJavaScript($input.path('$.name'))", #"O\'Neil"#),
        (#"$util.escapeJavaScript($input.path('$.name')).replaceAll("\\'","'")"#, "O'Neil"),
        (#"$util.escapeJavaScript('"/é')"#, #"\"\/\u00E9"#),
        ("$util.urlEncode('a b&c') $util.urlDecode('a+b%26')", "a+b%26c a b&"),
        ("$util.base64Encode('hi') $util.base64Decode('aGk=')", "aGk= hi"),
        (#"$util.parseJson('{"a":[5]}').a[0]"#, "5"),
    ]

    @Test("come to", arguments: cases)
    func result(template: String, expected: String) throws {
        #expect(try Self.run(template) == expected)
    }

    @Test("see an empty body as an empty object")
    func empty() throws {
        #expect(try Self.run("$input.json('$')", body: "") == "{}")
        #expect(try Self.run("$input.json('$')", body: "no json") == #""no json""#)
    }

    @Test("may set what the answer is to be")
    func override() throws {
        let template = try Template(
            "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.a = 'b')")
        let made = try TemplateMachine.run(template, Self.input())
        #expect(made.context["responseOverride"] == ["status": 404, "header": ["a": "b"]])
    }

    @Test(
        "are refused when they cannot be read, and stopped when they do not end",
        arguments: [
            "#if(true)", "#foreach($a in [1])", "#set($a)", "#set($a = )", "#end", "#macro(x)#end", "#if(1 +)x#end",
            "$util.parseJson('{')", "$input.json('$[')", "#set($input.a = 1)", "#foreach($i in [1..2000])x#end",
            "#set($s = 'xxxxxxxx')#foreach($i in [1..40])#set($s = $s + $s)#end",
            "#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end$l",
            "#foreach($a in [1..900])#foreach($b in [1..900])#foreach($c in [1..900])#set($d = 1)#end#end#end",
            String(repeating: "#if(true)", count: 500) + String(repeating: "#end", count: 500),
        ])
    func refused(template: String) {
        #expect(throws: TemplateError.self) { try Self.run(template) }
    }
}

import AWSWire
import JSON
import Testing

@testable import CloudFormation

/// Whole templates: what they hold and how they are refused.
struct TemplateTests {
    static let pseudo = PseudoParameters(
        account: "000000000000", region: "us-east-1", stackId: "arn:stack", stackName: "demo")

    static func resolve(_ yaml: String, _ given: [String: String] = [:]) throws -> ResolvedTemplate {
        let template = try Template(try TemplateReader.read(yaml))
        let parameters = try ParameterValues.resolve(
            template.parameters, given: given.map { (name: $0.key, value: $0.value) })
        return try ResolvedTemplate(template, parameters: parameters, pseudo: pseudo)
    }

    private static let queue = "{Type: AWS::SQS::Queue}"

    @Test(arguments: [
        ("Description: x", "Template format error: At least one Resources member must be defined."),
        ("Resources: {}", "Template format error: At least one Resources member must be defined."),
        ("{Foo: 1, Bar: 2, Resources: {A: {Type: T}}}", "Invalid template property or properties [Foo, Bar]"),
        (
            "{AWSTemplateFormatVersion: 2010-09-10, Resources: {A: {Type: T}}}",
            "Template format error: 2010-09-10 is not a supported value for AWSTemplateFormatVersion."
        ),
        (
            "Resources: {A: {Properties: {}}}",
            "Template format error: [/Resources/A] Every Resources object must contain a Type member."
        ),
        ("Resources: {A-B: {Type: T}}", "Template format error: Resource name A-B is non alphanumeric."),
        ("Resources: {A: {Type: T, Foo: 1}}", "Invalid template resource property 'Foo'"),
        (
            "Resources: {A: {Type: T, DependsOn: B}}",
            "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"
        ),
        (
            "Resources: {A: {Type: T, Properties: {x: !Ref B, y: !Sub '${C}'}}}",
            "Template format error: Unresolved resource dependencies [B, C] in the Resources block of the template"
        ),
        (
            "Resources: {A: {Type: T, Properties: {x: !GetAtt B.Arn}}}",
            "Template error: instance of Fn::GetAtt references undefined resource B"
        ),
        (
            "Resources: {A: {Type: T, Properties: {x: !Sub '${B.Arn}'}}}",
            "Template error: instance of Fn::Sub references invalid resource attribute B.Arn"
        ),
        (
            "{Resources: {A: {Type: T}}, Outputs: {O: {Value: !Ref B}}}",
            "Template format error: Unresolved resource dependencies [B] in the Outputs block of the template"
        ),
        (
            "{Resources: {A: {Type: T}}, Outputs: {O: {Description: x}}}",
            "Template format error: Every Outputs member must contain a Value object"
        ),
        (
            "{Conditions: {C: !Equals [!Ref A, x]}, Resources: {A: {Type: T}}}",
            "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template"
        ),
        (
            "Resources: {A: {Type: T, Condition: C}}",
            "Template format error: Unresolved condition dependency C in the Resources block of the template"
        ),
        (
            "Resources: {A: {Type: T, Properties: {x: !Ref B}}, B: {Type: T, DependsOn: A}}",
            "Circular dependency between resources: [A, B]"
        ),
        ("Resources: {A: {Type: T, Properties: {x: !Ref A}}}", "Circular dependency between resources: [A]"),
        (
            "Resources: {C: {Type: T, DependsOn: A}, A: {Type: T, DependsOn: B}, B: {Type: T, DependsOn: A}}",
            "Circular dependency between resources: [A, B]"
        ),
        (
            "{Conditions: {C: !Equals [a, b]}, Resources: {A: {Type: T, Condition: C}, B: {Type: T, Properties: {x: !Ref A}}}}",
            "Template format error: Unresolved resource dependencies [A] in the Resources block of the template"
        ),
        (
            "Resources: {A: {Type: T, DeletionPolicy: Keep}}",
            "Template format error: Unrecognized DeletionPolicy Keep for resource A"
        ),
        (
            "{Rules: {R: {Assertions: [{Assert: !Equals [a, b], AssertDescription: never}]}}, Resources: {A: {Type: T}}}",
            "Template error: Rule R failed: never"
        ),
    ])
    func complains(_ yaml: String, _ message: String) {
        do {
            _ = try Self.resolve(yaml)
            Issue.record("no error")
        } catch {
            #expect((error as? AWSError)?.message == message)
        }
    }

    @Test func ordersResourcesByWhatTheyNeed() throws {
        let resolved = try Self.resolve(
            """
            Resources:
              D: {Type: T, DependsOn: [B, C]}
              C: {Type: T, Properties: {x: !Sub '${A.Arn}'}}
              B: {Type: T, Properties: {x: !GetAtt [A, Arn]}}
              A: {Type: T}
            """)
        #expect(resolved.graph.order == ["A", "C", "B", "D"])
        #expect(resolved.graph.needs["D"] == ["B", "C"])
    }

    /// A branch that is not taken needs nothing, and a resource whose condition fails is not there.
    @Test func conditionsDecideWhatIsThere() throws {
        let yaml = """
            Parameters: {Env: {Type: String, Default: dev}}
            Conditions: {Prod: !Equals [!Ref Env, prod]}
            Resources:
              A: {Type: T, Condition: Prod}
              B: {Type: T, DependsOn: A, Properties: {x: !If [Prod, !Ref A, none]}}
            Outputs:
              O: {Condition: Prod, Value: !Ref A}
            """
        let dev = try Self.resolve(yaml)
        #expect(dev.resources.map(\.logicalId) == ["B"])
        #expect(dev.outputs.isEmpty)
        #expect(dev.graph.needs["B"] == [])
        let prod = try Self.resolve(yaml, ["Env": "prod"])
        #expect(prod.graph.order == ["A", "B"])
        #expect(prod.outputs.map(\.name) == ["O"])
    }

    @Test(
        arguments: [
            ("{Type: AWS::SQS::Queue}", [], []),
            ("{Type: AWS::IAM::Role}", [], ["CAPABILITY_IAM"]),
            ("{Type: AWS::IAM::Role}", ["CAPABILITY_IAM"], []),
            ("{Type: AWS::IAM::Role}", ["CAPABILITY_NAMED_IAM"], []),
            ("{Type: AWS::IAM::Role, Properties: {RoleName: x}}", ["CAPABILITY_IAM"], ["CAPABILITY_NAMED_IAM"]),
            ("{Type: AWS::IAM::Policy, Properties: {PolicyName: x}}", ["CAPABILITY_IAM"], []),
        ] as [(String, [String], [String])])
    func capabilities(_ resource: String, _ given: [String], _ needed: [String]) throws {
        let template = try Template(try TemplateReader.read("Resources: {A: \(resource)}"))
        let error = failure { () throws(AWSError) in try template.checkCapabilities(given) }
        #expect(error?.message == (needed.isEmpty ? nil : "Requires capabilities : [\(needed.joined())]"))
    }

    @Test func loopsAreUnrolled() throws {
        let tree = try TemplateReader.read(
            """
            Transform: AWS::LanguageExtensions
            Resources:
              Fn::ForEach::Queues:
                - Name
                - !Ref Names
                - Queue${Name}: {Type: T, Properties: {QueueName: !Sub 'q-${Name}-${AWS::Region}'}}
            """)
        let expanded = try LanguageExtensions.expand(tree, parameters: ["Names": ["A", "B"]], pseudo: Self.pseudo)
        #expect(expanded["Resources"]?.object?.keys == ["QueueA", "QueueB"])
        #expect(expanded["Resources"]?["QueueB"]?["Properties"]?["QueueName"]?["Fn::Sub"] == "q-B-${AWS::Region}")
    }
}

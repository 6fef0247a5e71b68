import AWSWire
import BatonStore
import JSON
import Testing

@testable import CloudFormation

/// Damaged templates and expressions give errors, never a crash. Seeded: a failure repeats itself.
struct FuzzTests {
    private static let samples = [
        """
        AWSTemplateFormatVersion: 2010-09-09
        Parameters:
          Env: {Type: String, Default: dev, AllowedPattern: '[a-z]{2,5}|x(?=y)', AllowedValues: [dev, "test"]}
          List: {Type: CommaDelimitedList, Default: 'a, b'}
        Mappings: {M: {dev: {size: 1}}}
        Conditions: {Dev: !Equals [!Ref Env, dev], Both: !And [!Condition Dev, !Not [!Equals [a, b]]]}
        Resources:
          Queue:
            Type: AWS::SQS::Queue
            Condition: Both
            Properties:
              QueueName: !Sub ['${AWS::StackName}-${x}-${!y}', {x: !Select [0, !Ref List]}]
              DelaySeconds: !FindInMap [M, !Ref Env, size]
              RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
          Dead: {Type: AWS::SQS::Queue, Metadata: &anchor {a: 0x1F, b: 010, c: |2-
              text
            }}
        Outputs:
          Url: {Value: !If [Dev, !Ref Queue, !Join [',', !Cidr [10.0.0.0/16, 2, 8]]], Export: {Name: !Base64 x}}
        """,
        #"{"Resources":{"A":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::Sub":"a-${AWS::Region}"}}}},"Transform":["AWS::LanguageExtensions"]}"#,
        """
        Transform: AWS::Serverless-2016-10-31
        Globals: {Function: {Timeout: 5}}
        Resources:
          F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Handler: a.b, Runtime: python3.11}}
          Fn::ForEach::Loop: [Name, [a, b], {'Q${Name}': {Type: AWS::SQS::Queue}}]
        """,
    ]
    private static let pieces = [
        "!Ref ", "!Sub ", "${", "}", "[", "]", "{", "}", ": ", "- ", "&a ", "*a", "|\n", "'", "\"", "\n", "  ",
        "Fn::If", "\u{0}",
        "? ", "!!int ", "---\n", "...\n", "%TAG ! x\n", "<<: ", "\t", "null", "99999999999999999999", "ü", "\\", "#",
    ]

    @Test func templates() {
        let random = RandomSource(seed: 7)
        for _ in 0..<4000 {
            var bytes = Array(Self.samples[random.int(in: 0..<Self.samples.count)].utf8)
            for _ in 0...random.int(in: 0..<6) { Self.damage(&bytes, random) }
            let text = String(decoding: bytes, as: UTF8.self)
            let definition = StackDefinition(template: text)
            _ = failure { () throws(AWSError) in try definition.resolved(TemplateTests.pseudo) }
        }
    }

    @Test func patterns() {
        let random = RandomSource(seed: 11)
        let alphabet = Array("ab(|)[]^$.*+?{}1,-\\dwp<!=:")
        for _ in 0..<20_000 {
            let source = String((0..<random.int(in: 0..<24)).map { _ in alphabet[random.int(in: 0..<alphabet.count)] })
            _ = Pattern(source)?.matches("ab1-a,b{}")
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: RandomSource) {
        guard !bytes.isEmpty else { return }
        let at = random.int(in: 0..<bytes.count)
        switch random.int(in: 0..<5) {
        case 0: bytes[at] = UInt8(random.int(in: 0..<256))
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.int(in: 0..<20)))
        case 2: bytes.insert(contentsOf: pieces[random.int(in: 0..<pieces.count)].utf8, at: at)
        case 3: bytes.removeSubrange(at...)
        default:
            let end = min(bytes.count, at + 1 + random.int(in: 0..<40))
            bytes.insert(contentsOf: bytes[at..<end], at: random.int(in: 0..<bytes.count))
        }
    }
}

public import AWSWire
public import JSON

/// Reads the text of a template, JSON or YAML, into one ordered tree. Short tags become the functions' long form, so
/// that nothing behind this point knows which language the template was written in.
public enum TemplateReader {
    /// - Parameter allowsNull: for files that are read like templates but are none.
    public static func read(_ text: String, allowsNull: Bool = false) throws(AWSError) -> JSON {
        var text = text[...]
        if text.first == "\u{FEFF}" { text = text.dropFirst() }
        let tree: JSON
        if text.first(where: { !$0.isWhitespace }) == "{" {
            do throws(JSON.ParseError) {
                tree = try JSON.parse(Array(text.utf8))
            } catch {
                // A YAML flow mapping starts with a brace, too, but hardly with a quoted name.
                guard text.lazy.filter({ !$0.isWhitespace }).dropFirst().first != "\"",
                    let flow = try? YAMLTree.read(String(text)), flow.object != nil
                else {
                    let (line, column) = position(of: error.offset, in: text.utf8)
                    throw CloudFormationError.notWellFormed("JSON", line: line, column: column)
                }
                tree = flow
            }
        } else {
            tree = try YAMLTree.read(String(text))
        }
        guard tree.object != nil else { throw CloudFormationError.format("unsupported structure.") }
        if !allowsNull { try refuseNull(tree, path: "") }
        return tree
    }

    private static func position(of offset: Int, in text: Substring.UTF8View) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in text.prefix(offset) {
            column += 1
            guard byte == UInt8(ascii: "\n") else { continue }
            line += 1
            column = 1
        }
        return (line, column)
    }

    private static func refuseNull(_ tree: JSON, path: String) throws(AWSError) {
        switch tree {
        case .null: throw CloudFormationError.format("[\(path)] 'null' values are not allowed in templates")
        case .array(let elements):
            for (index, element) in elements.enumerated() { try refuseNull(element, path: "\(path)/\(index)") }
        case .object(let object):
            for (key, value) in object { try refuseNull(value, path: "\(path)/\(key)") }
        default: break
        }
    }
}

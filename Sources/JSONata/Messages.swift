import JSON

/// The texts of errors, by code. `{{name}}` stands for what the error knows under that name, as JSON.
enum Messages {
    static let noInput =
        "There is no input document: $ and $$ cannot stand at the top of an expression. Use $states and variables."

    static func text(of failure: Failure) -> String {
        guard let template = table[failure.code] else { return failure.code }
        var text = ""
        var rest = template[...]
        while let start = rest.firstIndex(of: "{") {
            text += rest[..<start]
            guard let end = rest[start...].firstIndex(of: "}") else { break }
            let name = String(rest[rest.index(after: start)..<end])
            text += name == "token" ? "\"\(failure.token ?? "")\"" : shown(failure.details[name])
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private static func shown(_ value: Value?) -> String {
        guard let value else { return "nothing" }
        do throws(Failure) {
            let text = try Output.json(value)?.text() ?? "nothing"
            return text.utf8.count > 200 ? String(text.prefix(200)) + "…" : text
        } catch {
            return "a value"
        }
    }

    private static let table: [String: String] = [
        "S0101": "A string must end with the quote with which it begins",
        "S0102": "The number is out of range: {token}",
        "S0103": "There is no escape sequence \\ with {token}",
        "S0104": "Behind \\u there must be four hexadecimal digits",
        "S0105": "A quoted name must end with a backquote (`)",
        "S0106": "The comment does not end",
        "S0201": "Syntax error at {token}",
        "S0202": "Expected {value}, found {token}",
        "S0203": "Expected {value} before the end of the expression",
        "S0204": "There is no operator {token}",
        "S0207": "The expression ends too early",
        "S0208": "Parameter {value} of a function must be a variable (begin with $)",
        "S0209": "A predicate cannot follow a grouping",
        "S0210": "A step can have only one grouping",
        "S0211": "{token} cannot stand in front of an expression",
        "S0212": "The left side of := must be a variable (begin with $)",
        "S0213": "The literal {value} cannot be a step of a path",
        "S0214": "The right side of {token} must be a variable (begin with $)",
        "S0215": "A variable must be bound to a step in front of its predicates",
        "S0216": "A variable must be bound to a step in front of its order-by",
        "S0217": "It cannot be told which object % is a parent of here",
        "S0301": "A regular expression cannot be empty",
        "S0302": "The regular expression does not end with /",
        "S0401": "Only functions and arrays have types in angle brackets: {value}",
        "S0402": "A choice of types cannot have types in angle brackets: {value}",
        "D1001": "The number is out of range: {value}",
        "D1002": "Only numbers can be negated: {value}",
        "D1004": "The regular expression matches nothing, so it would match forever: {value}",
        "D1009": "More than one expression makes the key {value}",
        "T0410": "Argument {index} of function {token} does not match its signature",
        "T0411": "The context does not have the type of argument {index} of function {token}",
        "T0412": "Argument {index} of function {token} must be an array of {type}",
        "T1003": "A key of an object must be a string: {value}",
        "T1005": "This is not a function. Was the variable of the name {token} meant, with a $?",
        "T1006": "This is not a function",
        "T1007": "This is not a function to apply in part. Was the variable of the name {token} meant, with a $?",
        "T1008": "This is not a function to apply in part",
        "T1010": "The matcher given to function {token} does not return what a match has",
        "T2001": "The left side of the operator {token} must be a number",
        "T2002": "The right side of the operator {token} must be a number",
        "T2003": "The left side of the range operator (..) must be a whole number",
        "T2004": "The right side of the range operator (..) must be a whole number",
        "T2006": "The right side of ~> must be a function",
        "T2007": "Values of different types cannot be ordered: {value} and {value2}",
        "T2008": "Only numbers and strings can be ordered",
        "T2009": "The sides of the operator {token} must be of the same type: {value} and {value2}",
        "T2010": "The sides of the operator {token} must be numbers or strings",
        "T2011": "The update of a transform must be an object: {value}",
        "T2012": "What a transform deletes must be a string or an array of strings: {value}",
        "T2013": "A transform copies with $clone(), which is not a function here",
        "D2014": "A range can have at most 10,000,000 numbers, not {value}",
        "D3001": "Infinity and NaN have no text",
        "D3010": "The second argument of replace cannot be an empty string",
        "D3011": "The fourth argument of replace cannot be negative",
        "D3012": "What replaces a match must be a string",
        "D3020": "The third argument of split cannot be negative",
        "D3030": "This is not a number: {value}",
        "D3040": "The third argument of match cannot be negative",
        "D3050": "The second argument of reduce must be a function with at least two parameters",
        "D3060": "There is no square root of a negative number: {value}",
        "D3061": "The power is out of range: base {value}, exponent {exp}",
        "D3070": "Without a function, only arrays of numbers or of strings can be sorted",
        "D3080": "A picture can have two parts at most",
        "D3081": "A picture can have one decimal separator at most",
        "D3082": "A picture can have one percent sign at most",
        "D3083": "A picture can have one per-mille sign at most",
        "D3084": "A picture cannot have both a percent and a per-mille sign",
        "D3085": "The mantissa of a picture must have a digit",
        "D3086": "In a picture, nothing else can stand between the places of digits",
        "D3087": "In a picture, no grouping separator can stand beside the decimal separator",
        "D3088": "In a picture, no grouping separator can end the whole part",
        "D3089": "In a picture, no two grouping separators can stand side by side",
        "D3090": "In the whole part of a picture, no optional digit can follow a required one",
        "D3091": "In the fraction of a picture, no required digit can follow an optional one",
        "D3092": "A picture with a percent or per-mille sign cannot have an exponent",
        "D3093": "The exponent of a picture must consist of digits",
        "D3100": "The base must be from 2 to 36, not {value}",
        "D3110": "This is not a timestamp of ISO 8601: {value}",
        "D3120": "The text given to eval has a syntax error: {value}",
        "D3121": "The text given to eval has failed: {value}",
        "D3130": "Integers cannot be written as a sequence that begins with {value}",
        "D3131": "All digits of a picture must be of one family",
        "D3132": "There is no component {value} in a picture of dates",
        "D3133": "Only months and days have names in a picture of dates, not {value}",
        "D3134": "A time zone can have four digits at most",
        "D3135": "A bracket [ of the picture is not closed",
        "D3136": "The picture lacks a part between others, so that the timestamp is not determined",
        "D3138": "$single() found more than one",
        "D3139": "$single() found none",
        "D3140": "{functionName} cannot convert {value}",
    ]
}

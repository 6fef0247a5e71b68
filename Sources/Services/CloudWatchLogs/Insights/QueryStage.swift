import AWSWire
import JSON

/// One command of a query. Source: CloudWatch Logs user guide, "Supported commands in the Logs Insights QL".
enum QueryStage: Sendable {
    struct Column: Sendable {
        let name: String
        let expression: QueryExpression
    }
    struct Order: Sendable {
        let expression: QueryExpression
        let isDescending: Bool
    }

    case fields([Column])
    case display([String])
    case filter(QueryExpression)
    case sort([Order])
    case limit(Int)
    case stats([QueryStatistic], by: [Column])
    /// The texts around the `*` of a pattern, and the names of what stands for them.
    case parse(QueryExpression, [String], [String])
    case dedup([QueryExpression])

    func run(_ rows: [QueryRow]) -> [QueryRow] {
        switch self {
        case .fields(let columns): return rows.map { Self.adding(columns, to: $0) }
        case .display(let names): return rows.map { row in Self.showing(names, of: row) }
        case .filter(let condition): return rows.filter { condition.value($0).isTrue }
        case .limit(let count): return Array(rows.prefix(count))
        case .sort(let orders): return Self.sorted(rows, orders)
        case .stats(let statistics, let columns): return Self.grouped(rows, statistics, columns)
        case .parse(let source, let texts, let names):
            return rows.map { row in Self.parsed(row, source.value(row).text, texts, names) }
        case .dedup(let expressions):
            var seen: Set<[QueryValue]> = []
            return rows.filter { row in seen.insert(expressions.map { $0.value(row) }).inserted }
        }
    }

    private static func adding(_ columns: [Column], to row: QueryRow) -> QueryRow {
        var row = row
        for column in columns {
            row.fields[column.name] = column.expression.value(row)
            if !row.shown.contains(column.name) { row.shown.append(column.name) }
        }
        return row
    }

    private static func showing(_ names: [String], of row: QueryRow) -> QueryRow {
        var row = row
        row.shown = names
        return row
    }

    private static func sorted(_ rows: [QueryRow], _ orders: [Order]) -> [QueryRow] {
        let keyed = rows.enumerated().map {
            (place: $0.offset, row: $0.element, keys: orders.map { order in order.expression })
        }
        let values = keyed.map { entry in entry.keys.map { $0.value(entry.row) } }
        let places = keyed.map(\.place).sorted { left, right in
            for (index, order) in orders.enumerated() {
                let (a, b) = (values[left][index], values[right][index])
                if QueryValue.isBefore(a, b) { return !order.isDescending }
                if QueryValue.isBefore(b, a) { return order.isDescending }
            }
            return left < right
        }
        return places.map { rows[$0] }
    }

    private static func grouped(
        _ rows: [QueryRow], _ statistics: [QueryStatistic], _ columns: [Column]
    ) -> [QueryRow] {
        var order: [[QueryValue]] = []
        var groups: [[QueryValue]: [QueryRow]] = [:]
        for row in rows {
            let key = columns.map { $0.expression.value(row) }
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(row)
        }
        if rows.isEmpty, columns.isEmpty { order = [[]] }
        return order.map { key in
            var result = QueryRow(fields: [:], event: nil)
            for (column, value) in zip(columns, key) { result.fields[column.name] = value }
            let members = groups[key] ?? []
            for statistic in statistics { result.fields[statistic.name] = statistic.value(members) }
            result.shown = columns.map(\.name) + statistics.map(\.name)
            return result
        }
    }

    private static func parsed(_ row: QueryRow, _ text: String, _ texts: [String], _ names: [String]) -> QueryRow {
        guard let head = texts.first, var rest = text.behind(head) else { return row }
        var row = row
        for (name, mark) in zip(names, texts.dropFirst()) {
            let end = mark.isEmpty ? rest.endIndex : rest.firstRange(of: mark)?.lowerBound
            guard let end else { return row }
            row.fields[name] = .text(String(rest[..<end]))
            rest = rest[end...].dropFirst(mark.count)
        }
        return row
    }
}

extension String {
    /// What stands behind the first place of a text; all of it for an empty one.
    fileprivate func behind(_ mark: String) -> Substring? {
        mark.isEmpty ? self[...] : firstRange(of: mark).map { self[$0.upperBound...] }
    }
}

/// An aggregate of `stats`.
struct QueryStatistic: Sendable {
    enum Kind: String, Sendable {
        case count, sum, avg, min, max, stddev, median, pct, earliest, latest, sortsfirst, sortslast
        case distinct = "count_distinct"
    }

    let name: String
    let kind: Kind
    /// nil for `count(*)`.
    let expression: QueryExpression?
    /// Of `pct`, 0–100.
    let percent: Double

    func value(_ rows: [QueryRow]) -> QueryValue {
        guard let expression else { return .number(Double(rows.count)) }
        let values = rows.map { expression.value($0) }.filter { !$0.isMissing }
        switch kind {
        case .count: return .number(Double(values.count))
        case .distinct: return .number(Double(Set(values.map(\.text)).count))
        case .min, .sortsfirst: return values.min(by: QueryValue.isBefore) ?? .missing
        case .max, .sortslast: return values.max(by: QueryValue.isBefore) ?? .missing
        case .earliest, .latest:
            let timed = rows.filter { !expression.value($0).isMissing }
            let isBefore: (QueryRow, QueryRow) -> Bool = { QueryValue.isBefore($0["@timestamp"], $1["@timestamp"]) }
            let row = kind == .earliest ? timed.min(by: isBefore) : timed.max(by: isBefore)
            return row.map { expression.value($0) } ?? .missing
        default: return numeric(values.compactMap(\.number))
        }
    }

    private func numeric(_ numbers: [Double]) -> QueryValue {
        guard !numbers.isEmpty else { return kind == .sum ? .number(0) : .missing }
        let sum = numbers.reduce(0, +)
        let mean = sum / Double(numbers.count)
        switch kind {
        case .sum: return .number(sum)
        case .avg: return .number(mean)
        case .stddev:
            let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return .number((squares / Double(numbers.count)).squareRoot())
        default:
            let rank = (percent / 100 * Double(numbers.count)).rounded(.up)
            return .number(numbers.sorted()[Swift.max(0, Swift.min(numbers.count - 1, Int(rank) - 1))])
        }
    }
}

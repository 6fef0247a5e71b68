extension Library {
    static let aggregation: [Native] = [
        Native("sum", "<a<n>:n>", 1) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            return .number(numbers(list).reduce(0, +))
        },
        Native("count", "<a:n>", 1) { call throws(Failure) in .number(Double(call.list(0)?.count ?? 0)) },
        Native("max", "<a<n>:n>", 1) { call throws(Failure) in
            call.list(0).flatMap { numbers($0).max() }.map { .number($0) } ?? .undefined
        },
        Native("min", "<a<n>:n>", 1) { call throws(Failure) in
            call.list(0).flatMap { numbers($0).min() }.map { .number($0) } ?? .undefined
        },
        Native("average", "<a<n>:n>", 1) { call throws(Failure) in
            guard let list = call.list(0), list.count > 0 else { return .undefined }
            return .number(numbers(list).reduce(0, +) / Double(list.count))
        },
    ]

    private static func numbers(_ list: List) -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(list.count)
        for index in 0..<list.count { if let number = list[index].number { numbers.append(number) } }
        return numbers
    }
}

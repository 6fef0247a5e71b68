import JSON

/// The order in which jobs can be submitted: each after those that it depends on.
enum SubmissionOrder {
    /// Batch's own limit.
    static let maxDependencies = 20

    /// Why a schedule cannot run, naming the job that is to blame.
    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// Positions in `jobs`; where the dependencies leave a choice, in list order. Linear in jobs and dependencies but
    /// for the heap of those that are ready.
    static func of(_ jobs: [Job]) throws(Fault) -> [Int] {
        let places = try placesByName(jobs)
        var open = [Int](repeating: 0, count: jobs.count)
        var dependants = [[Int]](repeating: [], count: jobs.count)
        for (place, job) in jobs.enumerated() {
            for name in Set(job.dependencies) {
                guard name != job.name else { throw fault(job, "depends on itself") }
                guard let other = places[name] else { throw fault(job, "depends on \(name), which does not exist") }
                open[place] += 1
                dependants[other].append(place)
            }
            guard open[place] <= maxDependencies else {
                throw fault(job, "has \(open[place]) dependencies; AWS Batch allows \(maxDependencies)")
            }
        }
        var ready = Heap(jobs.indices.filter { open[$0] == 0 })
        var order: [Int] = []
        while let place = ready.popFirst() {
            order.append(place)
            for dependant in dependants[place] {
                open[dependant] -= 1
                if open[dependant] == 0 { ready.insert(dependant) }
            }
        }
        guard order.count == jobs.count else {
            let names = jobs.indices.filter { open[$0] > 0 }.map { jobs[$0].name }
            throw Fault(description: "Error: the dependencies form a cycle: \(names.joined(separator: ", "))")
        }
        return order
    }

    private static func placesByName(_ jobs: [Job]) throws(Fault) -> [String: Int] {
        var places: [String: Int] = [:]
        for (place, job) in jobs.enumerated() {
            guard !job.name.isEmpty else { throw Fault(description: "Error: job \(place + 1) has no jobName") }
            guard places.updateValue(place, forKey: job.name) == nil else {
                throw fault(job, "is listed more than once")
            }
        }
        return places
    }

    private static func fault(_ job: Job, _ text: String) -> Fault {
        Fault(description: "Error: job \(job.name) \(text)")
    }
}

/// The smallest number first.
struct Heap {
    private var items: [Int]

    /// - Parameter sorted: in rising order, which is a heap already.
    init(_ sorted: [Int]) { items = sorted }

    mutating func insert(_ item: Int) {
        items.append(item)
        var place = items.count - 1
        while place > 0, items[place] < items[(place - 1) / 2] {
            items.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func popFirst() -> Int? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return first }
        items[0] = last
        var place = 0
        while true {
            let children = [2 * place + 1, 2 * place + 2].filter { $0 < items.count }
            guard let least = children.min(by: { items[$0] < items[$1] }), items[least] < items[place] else { break }
            items.swapAt(place, least)
            place = least
        }
        return first
    }
}

import AWSClient
import AWSWire
import ArgumentParser
import BatonStore
import JSON

/// `baton jobs`: the jobs of AWS Batch.
struct Jobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List, show, follow, cancel and terminate batch jobs.",
        subcommands: [List.self, Show.self, Output.self, Cancel.self, Terminate.self], defaultSubcommand: List.self)

    /// Where Baton is, and how to print.
    struct Common: ParsableArguments {
        @OptionGroup var endpoint: EndpointOption

        @Flag(help: "Print JSON.")
        var json = false

        var client: AWSClient {
            var configuration = Configuration.ofProcess()
            configuration.endpoint = endpoint.url
            return AWSClient(configuration)
        }

        func call(_ service: String = "batch", _ operation: String, _ input: JSON = [:]) async throws -> JSON {
            do {
                return try await client.call(service, operation, input)
            } catch {
                throw Failure("\(error.message) (\(error.code))")
            }
        }

        func job(_ id: String) async throws -> JSON {
            let found = try await call("batch", "DescribeJobs", ["jobs": [.string(id)]])
            guard let job = found["jobs"]?[0] else { throw Failure("There is no job \(id).") }
            return job
        }
    }

    static func time(_ value: JSON?) -> String {
        value?.int.map { Timestamp.iso8601(Int64($0), showsMilliseconds: false) } ?? "-"
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List jobs, newest first.")

        @Option(help: "A job queue; all of them by default.")
        var queue: String?

        @Option(help: "Only jobs in this state, for example RUNNING.")
        var status: String?

        @Option(help: "The children of this array job.")
        var array: String?

        @Option(help: "How many at most.")
        var limit = 50

        @OptionGroup var common: Common

        func run() async throws {
            var jobs: [JSON] = []
            if let array {
                for state in status.map({ [$0.uppercased()] }) ?? Self.states {
                    jobs += try await pages(["arrayJobId": .string(array), "jobStatus": .string(state)])
                }
                jobs.sort {
                    ($0["arrayProperties"]?["index"]?.int ?? 0) < ($1["arrayProperties"]?["index"]?.int ?? 0)
                }
            } else {
                for queue in try await queues() {
                    jobs += try await pages([
                        "jobQueue": .string(queue), "filters": [["name": "AFTER_CREATED_AT", "values": ["0"]]],
                    ])
                }
                jobs.sort { ($0["createdAt"]?.int ?? 0) > ($1["createdAt"]?.int ?? 0) }
            }
            if let status { jobs = jobs.filter { $0["status"]?.string == status.uppercased() } }
            for job in jobs.prefix(limit) { show(job) }
        }

        private static let states = [
            "SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED",
        ]

        private func queues() async throws -> [String] {
            if let queue { return [queue] }
            let found = try await common.call("batch", "DescribeJobQueues")
            return (found["jobQueues"]?.array ?? []).compactMap { $0["jobQueueName"]?.string }
        }

        private func pages(_ input: JSON) async throws -> [JSON] {
            var (input, jobs) = (input, [JSON]())
            repeat {
                let page = try await common.call("batch", "ListJobs", input)
                jobs += page["jobSummaryList"]?.array ?? []
                input["nextToken"] = page["nextToken"]
            } while input["nextToken"] != nil && jobs.count < limit
            return jobs
        }

        private func show(_ job: JSON) {
            if common.json { return print(job.text()) }
            let columns = [
                job["jobId"]?.string ?? "", job["status"]?.string ?? "", Jobs.time(job["createdAt"]),
                job["jobName"]?.string ?? "", job["statusReason"]?.string ?? "",
            ]
            let width = columns[1].count
            print(
                "\(columns[0])  \(columns[1])\(String(repeating: " ", count: max(0, 9 - width)))  "
                    + columns[2...].joined(separator: "  "))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one job with its attempts.")

        @Argument(help: "The job's id.")
        var id: String

        @OptionGroup var common: Common

        func run() async throws {
            let job = try await common.job(id)
            if common.json { return print(job.text()) }
            print("\(job["jobName"]?.string ?? "")  \(job["status"]?.string ?? "")")
            if let reason = job["statusReason"]?.string { print("  \(reason)") }
            print("  queue    \(job["jobQueue"]?.string ?? "")")
            print("  runs     \(job["jobDefinition"]?.string ?? "")")
            print("  created  \(Jobs.time(job["createdAt"]))")
            print("  started  \(Jobs.time(job["startedAt"]))")
            print("  stopped  \(Jobs.time(job["stoppedAt"]))")
            if let counts = job["arrayProperties"]?["statusSummary"]?.object, !counts.isEmpty {
                let some = counts.filter { $0.value.int != 0 }.map { "\($0.key) \($0.value.text())" }
                print("  children \(some.joined(separator: ", "))")
            }
            for (index, attempt) in (job["attempts"]?.array ?? []).enumerated() {
                let container = attempt["container"]
                let code = container?["exitCode"].map { "exit code \($0.text())" }
                let texts = [code, container?["reason"]?.string, attempt["statusReason"]?.string].compactMap { $0 }
                print("  attempt \(index + 1)  \(texts.joined(separator: ", "))")
            }
        }
    }

    struct Output: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "logs", abstract: "Show what a job has written.",
            discussion: "Exit status 1 when the job that was followed has failed.")

        @Argument(help: "The job's id.")
        var id: String

        @Flag(help: "Go on until the job has ended.")
        var follow = false

        @OptionGroup var common: Common

        func run() async throws {
            let clock = RealClock()
            var (token, stream): (JSON?, String?) = (nil, nil)
            while true {
                let job = try await common.job(id)
                let isOver = ["SUCCEEDED", "FAILED"].contains(job["status"]?.string ?? "")
                let current = job["container"]?["logStreamName"]?.string
                // Each attempt has a stream of its own.
                if current != stream { (token, stream) = (nil, current) }
                if let stream { token = try await show(job, stream, token) }
                if isOver, job["status"]?.string == "FAILED", follow { throw ExitCode.failure }
                guard follow, !isOver else { return }
                await clock.wait(untilMs: clock.nowMs + 300)
            }
        }

        /// Everything behind a token → the next one.
        private func show(_ job: JSON, _ stream: String, _ token: JSON?) async throws -> JSON? {
            let options = job["container"]?["logConfiguration"]?["options"]
            var place = token
            while true {
                var input: JSON = [
                    "logGroupName": options?["awslogs-group"] ?? "/aws/batch/job", "logStreamName": .string(stream),
                    "startFromHead": true,
                ]
                input["nextToken"] = place
                let page: JSON
                do {
                    page = try await common.client.call("logs", "GetLogEvents", input)
                } catch  where error.code == "ResourceNotFoundException" {
                    return place
                } catch {
                    throw Failure("\(error.message) (\(error.code))")
                }
                for event in page["events"]?.array ?? [] {
                    print(common.json ? event.text() : event["message"]?.string ?? "")
                }
                let next = page["nextForwardToken"]
                if next == place || page["events"]?.array?.isEmpty ?? true { return next }
                place = next
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "Cancel a job that has not started.")

        @Argument(help: "The job's id.")
        var id: String

        @Option(help: "Why; becomes the job's status reason.")
        var reason = "Cancelled by the operator"

        @OptionGroup var common: Common

        func run() async throws {
            _ = try await common.call("batch", "CancelJob", ["jobId": .string(id), "reason": .string(reason)])
            if common.json { print(try await common.job(id).text()) }
        }
    }

    struct Terminate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "terminate", abstract: "End a job in whatever state.")

        @Argument(help: "The job's id.")
        var id: String

        @Option(help: "Why; becomes the job's status reason.")
        var reason = "Terminated by the operator"

        @OptionGroup var common: Common

        func run() async throws {
            _ = try await common.call("batch", "TerminateJob", ["jobId": .string(id), "reason": .string(reason)])
            if common.json { print(try await common.job(id).text()) }
        }
    }
}

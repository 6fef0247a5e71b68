/// Baton's own runtime for Python functions: the loop between the Runtime API and the handler. It needs nothing but the
/// standard library of Python 3.6 or newer.
enum PythonBootstrap {
    static let text = #"""
        import http.client, importlib, json, logging, os, sys, time, traceback, types

        API = os.environ["AWS_LAMBDA_RUNTIME_API"]
        BASE = "/2018-06-01/runtime"


        class Runtime:
            """One kept connection to the Runtime API."""

            def __init__(self):
                self.connection = http.client.HTTPConnection(API)

            def next(self):
                self.connection.request("GET", BASE + "/invocation/next")
                response = self.connection.getresponse()
                body = response.read()
                if response.status != 200:
                    sys.exit(1)
                return response.headers, body

            def post(self, path, body, headers=None):
                self.connection.request("POST", BASE + path, body, headers or {"Content-Type": "application/json"})
                self.connection.getresponse().read()


        class Identity:
            cognito_identity_id = None
            cognito_identity_pool_id = None


        class Client:
            def __init__(self, fields):
                self.installation_id = fields.get("installation_id")
                self.app_title = fields.get("app_title")
                self.app_version_name = fields.get("app_version_name")
                self.app_version_code = fields.get("app_version_code")
                self.app_package_name = fields.get("app_package_name")


        class ClientContext:
            def __init__(self, fields):
                self.custom = fields.get("custom")
                self.env = fields.get("env")
                self.client = Client(fields["client"]) if fields.get("client") else None


        class LambdaContext:
            def __init__(self, headers):
                self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
                self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
                self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
                self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
                self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
                self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
                self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
                self.identity = Identity()
                client = headers.get("Lambda-Runtime-Client-Context")
                self.client_context = ClientContext(json.loads(client)) if client else None
                self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

            def get_remaining_time_in_millis(self):
                return max(0, self._deadline_ms - int(time.time() * 1000))

            def log(self, text):
                sys.stdout.write(str(text))


        class RequestFilter(logging.Filter):
            request_id = ""

            def filter(self, record):
                record.aws_request_id = RequestFilter.request_id
                return True


        def set_up_logging():
            handler = logging.StreamHandler(sys.stdout)
            formatter = logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
            formatter.converter = time.gmtime
            handler.setFormatter(formatter)
            handler.addFilter(RequestFilter())
            logging.getLogger().addHandler(handler)


        class Failure(Exception):
            """What goes wrong before the handler is there."""

            def __init__(self, kind, message, trace=()):
                super().__init__(message)
                self.kind, self.message, self.trace = kind, message, list(trace)


        def load(name):
            parts = name.rsplit(".", 1)
            if len(parts) != 2:
                raise Failure(
                    "Runtime.MalformedHandlerName",
                    "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name)
            module_name, function_name = parts
            try:
                module = importlib.import_module(module_name.replace("/", "."))
            except ImportError as error:
                raise Failure(
                    "Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error))
            except SyntaxError as error:
                raise Failure(
                    "Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error),
                    ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)])
            except Exception as error:
                raise Failure(type(error).__name__, str(error), own_frames(error))
            handler = getattr(module, function_name, None)
            if handler is None:
                raise Failure(
                    "Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function_name, module_name))
            return handler


        def own_frames(error):
            """The stack without the frames of this file and of the import machinery."""
            frames = traceback.extract_tb(error.__traceback__)
            kept = [f for f in frames if f.filename != __file__ and not f.filename.startswith("<frozen importlib")]
            return traceback.format_list([f for f in kept if not f.filename.endswith("importlib/__init__.py")])


        def report(error_type, message, request_id, trace):
            lines = ["[ERROR] %s: %s" % (error_type, message) if message else "[ERROR] %s" % error_type]
            if trace:
                lines += ["Traceback (most recent call last):"] + [line.rstrip("\n") for line in trace]
            print("\n".join(lines), flush=True)
            body = {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}
            return json.dumps(body).encode()


        def encode(value):
            import decimal
            if isinstance(value, decimal.Decimal):
                return float(value)
            raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


        def run(runtime, handler):
            while True:
                headers, body = runtime.next()
                context = LambdaContext(headers)
                RequestFilter.request_id = context.aws_request_id
                os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
                path = "/invocation/" + context.aws_request_id
                try:
                    event = json.loads(body)
                    result = handler(event, context)
                    try:
                        answer = json.dumps(result, default=encode, ensure_ascii=False).encode()
                    except Exception as error:
                        raise Failure("Runtime.MarshalError", "Unable to marshal response: %s" % error)
                except Failure as failure:
                    answer = report(failure.kind, failure.message, context.aws_request_id, failure.trace)
                    path += "/error"
                except BaseException as error:
                    trace = own_frames(error)
                    answer = report(type(error).__name__, str(error), context.aws_request_id, trace)
                    path += "/error"
                    if isinstance(error, (SystemExit, KeyboardInterrupt)):
                        sys.stdout.flush()
                        os._exit(error.code if isinstance(getattr(error, "code", None), int) else 1)
                else:
                    path += "/response"
                sys.stdout.flush()
                sys.stderr.flush()
                runtime.post(path, answer)


        def main():
            root = os.environ["LAMBDA_TASK_ROOT"]
            sys.path[0] = root
            runtime = Runtime()
            set_up_logging()
            # The handler may import its neighbours as its own package does; this file is nobody's __main__.
            sys.modules["__main__"] = types.ModuleType("__main__")
            try:
                handler = load(os.environ["_HANDLER"])
            except Failure as failure:
                body = report(failure.kind, failure.message, "", failure.trace)
                runtime.post("/init/error", body)
                sys.exit(1)
            run(runtime, handler)


        main()
        """# + "\n"
}

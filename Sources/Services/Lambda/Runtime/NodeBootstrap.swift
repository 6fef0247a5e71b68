/// Baton's own runtime for Node.js functions: the loop between the Runtime API and the handler, for CommonJS and ES
/// modules, promises and callbacks.
enum NodeBootstrap {
    static let text = #"""
        import fs from 'node:fs';
        import http from 'node:http';
        import { createRequire } from 'node:module';
        import path from 'node:path';
        import { pathToFileURL } from 'node:url';
        import { format } from 'node:util';

        const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
        const base = '/2018-06-01/runtime';
        const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

        function call(method, target, body) {
          return new Promise((resolve, reject) => {
            const headers = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
            const request = http.request({ host, port, method, path: base + target, agent, headers }, (response) => {
              const pieces = [];
              response.on('data', (piece) => pieces.push(piece));
              response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }));
              response.on('error', reject);
            });
            request.on('error', reject);
            request.end(body);
          });
        }

        let requestId;
        for (const [name, level] of [['log', 'INFO'], ['info', 'INFO'], ['debug', 'DEBUG'], ['trace', 'TRACE'], ['warn', 'WARN'], ['error', 'ERROR']]) {
          console[name] = (...parts) => write(level, format(...parts));
        }

        function write(level, text) {
          const line = `${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${text.replace(/\n/g, '\r')}\n`;
          try { fs.writeSync(1, line); } catch { process.stdout.write(line); }
        }

        function failure(error) {
          if (error instanceof Error || (error && error.name && error.message !== undefined)) {
            return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
          }
          return { errorType: typeof error, errorMessage: String(error), trace: [] };
        }

        function named(name, message) {
          const error = new Error(message);
          error.name = name;
          return error;
        }

        async function load(root, name) {
          const folder = path.dirname(name);
          const [file, ...members] = path.basename(name).split('.');
          if (members.length === 0) throw named('Runtime.MalformedHandlerName', 'Bad handler');
          const stem = path.resolve(root, folder, file);
          const found = ['.js', '.mjs', '.cjs'].map((ending) => stem + ending).find((candidate) => fs.existsSync(candidate));
          if (!found) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
          let module;
          try {
            if (found.endsWith('.mjs')) {
              module = await import(pathToFileURL(found));
            } else {
              try {
                module = createRequire(stem)(found);
              } catch (error) {
                if (!found.endsWith('.js') || !(error.code === 'ERR_REQUIRE_ESM' || error.code === 'ERR_REQUIRE_ASYNC_MODULE' || error instanceof SyntaxError)) throw error;
                module = await import(pathToFileURL(found));
              }
            }
          } catch (error) {
            if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', `${error}`);
            if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) throw named('Runtime.ImportModuleError', `Error: ${error.message}`);
            throw error;
          }
          const handler = members.reduce((value, member) => value?.[member] ?? value?.default?.[member], module);
          if (handler === undefined) throw named('Runtime.HandlerNotFound', `${file}.${members.join('.')} is undefined or not exported`);
          if (typeof handler !== 'function') throw named('Runtime.HandlerNotFound', `${file}.${members.join('.')} is not a function`);
          return handler;
        }

        function makeContext(headers) {
          const deadline = Number(headers['lambda-runtime-deadline-ms']);
          const client = headers['lambda-runtime-client-context'];
          return {
            callbackWaitsForEmptyEventLoop: true,
            functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
            functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
            memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
            logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
            logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
            invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
            awsRequestId: headers['lambda-runtime-aws-request-id'],
            clientContext: client ? JSON.parse(client) : undefined,
            getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
          };
        }

        // Settles with the first of: a returned promise, the callback, the old context functions. A callback waits for
        // the event loop to run empty unless the handler says otherwise.
        function invoke(handler, event, context) {
          return new Promise((resolve, reject) => {
            const finish = (error, result) => {
              const settle = () => (error !== undefined && error !== null ? reject(error) : resolve(result));
              if (context.callbackWaitsForEmptyEventLoop && (error === undefined || error === null)) {
                process.removeAllListeners('beforeExit');
                process.once('beforeExit', settle);
              } else {
                settle();
              }
            };
            context.done = finish;
            context.succeed = (result) => { context.callbackWaitsForEmptyEventLoop = false; finish(null, result); };
            context.fail = (error) => finish(error ?? new Error('handled'));
            const returned = handler(event, context, finish);
            if (returned && typeof returned.then === 'function') {
              returned.then(resolve, reject);
            } else if (handler.length < 3 && returned !== undefined) {
              resolve(returned);
            } else if (handler.length < 3) {
              // Nobody holds a callback: what keeps the loop busy may still use the context; an empty loop means null.
              process.removeAllListeners('beforeExit');
              process.once('beforeExit', () => resolve(null));
            }
          });
        }

        async function fail(target, error, kind) {
          const body = failure(error);
          if (kind) {
            body.errorMessage = `${body.errorType}: ${body.errorMessage}`;
            body.errorType = kind;
          }
          write('ERROR', `${kind ?? 'Invoke Error'} \t${JSON.stringify({ ...body, stack: body.trace })}`);
          await call('POST', target, JSON.stringify(body)).catch(() => {});
        }

        for (const [event, kind] of [['uncaughtException', undefined], ['unhandledRejection', 'Runtime.UnhandledPromiseRejection']]) {
          process.on(event, async (error) => {
            await fail(requestId ? `/invocation/${requestId}/error` : '/init/error', error, kind);
            process.exit(kind ? 128 : 129);
          });
        }

        let handler;
        try {
          handler = await load(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
        } catch (error) {
          await fail('/init/error', error);
          process.exit(1);
        }

        for (;;) {
          requestId = undefined;
          const next = await call('GET', '/invocation/next').catch(() => process.exit(1));
          if (next.status !== 200) process.exit(1);
          const context = makeContext(next.headers);
          requestId = context.awsRequestId;
          process.env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'] ?? '';
          try {
            const result = await invoke(handler, JSON.parse(next.body), context);
            let body;
            try {
              body = JSON.stringify(result === undefined ? null : result);
              if (body === undefined) body = 'null';
            } catch (error) {
              throw named('Runtime.MarshalError', `Unable to marshal response: ${error.message}`);
            }
            await call('POST', `/invocation/${requestId}/response`, body);
          } catch (error) {
            await fail(`/invocation/${requestId}/error`, error);
          }
        }
        """# + "\n"
}

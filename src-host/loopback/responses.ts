import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentSecurityPolicy } from '../../src-core/desktop/window-security.ts';
import type { ErrorData } from '../../src-core/scope/errors.ts';

/** Headers of every answer of the server on that port. */
export function secureHeaders(port: number): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy([`ws://127.0.0.1:${port}`, `ws://localhost:${port}`]),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
  };
}

/** Answers with a text of our own making. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: 'text/plain' | 'text/html' | 'application/json',
  body: string,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Answers a program with the product's error shape. */
export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: ErrorData,
): void {
  answer(request, response, status, 'application/json', JSON.stringify(error));
}

/** What a browser without a session sees; it says how to get one and nothing about the workspace. */
export const signInPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in to PromptDev</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.25rem; margin: 0 0 0.75rem; }
code { font: 0.9em ui-monospace, monospace; padding: 0.1em 0.35em; border-radius: 4px; background: color-mix(in srgb, currentColor 10%, transparent); }
</style>
</head>
<body>
<main>
<h1>This window is not signed in</h1>
<p>PromptDev is running, and only the person who started it may open it. The address that it printed signs in one browser, once.</p>
<p>For a new address, press <strong>Enter</strong> in the terminal where PromptDev runs, or stop it and start it again with <code>npm start</code> or <code>promptdev serve</code>. Then open the address it prints.</p>
</main>
</body>
</html>
`;

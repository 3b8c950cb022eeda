import { z } from 'zod';

const answerSchema = z.object({ path: z.string() });
const errorSchema = z.object({ message: z.string() });

/**
 * Streams a file into the host's data directory and resolves to its path there. `fetch` cannot tell how much of a body
 * has left, so this is the one place with an XMLHttpRequest.
 */
export function upload(file: File, onProgress: (fraction: number) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/models/${encodeURIComponent(nameFor(file))}`);
    request.setRequestHeader('X-PromptDev', '1');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.loaded / Math.max(event.total, 1));
    request.onload = () => {
      const answer = answerSchema.safeParse(parse(request.responseText));
      if (request.status < 300 && answer.success) return resolve(answer.data.path);
      reject(new Error(messageOf(request, file)));
    };
    request.onerror = () => reject(new Error(`The upload of "${file.name}" broke off: the host did not answer.`));
    request.onabort = () => reject(new Error(`The upload of "${file.name}" was cancelled.`));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/** The file's name with only what the host takes: letters, digits, ".", "_" and "-". */
function nameFor(file: File): string {
  return file.name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
}

function messageOf(request: XMLHttpRequest, file: File): string {
  const error = errorSchema.safeParse(parse(request.responseText));
  return error.success ? error.data.message : `The host refused "${file.name}" with status ${request.status}.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

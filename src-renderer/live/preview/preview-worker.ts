import { type Attempt, attemptPreview } from './preview.ts';
import type { PreviewJob } from './preview-queue.ts';

// A worker, because a template may take its whole time limit and typing must not wait for it.
self.onmessage = ({ data: { content, values, sources } }: MessageEvent<PreviewJob>) => {
  self.postMessage(attemptPreview(content, values, sources) satisfies Attempt);
};

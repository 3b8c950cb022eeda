import type { Client } from '../../src-core/client/connection.ts';
import { contentSchema, type PromptContent, type PromptContentInput } from '../../src-core/contract/content.ts';
import type { Contract } from '../../src-core/contract/index.ts';
import type { Host } from '../host/host.ts';
import { inProcessClient } from '../transports/serve-calls.ts';

export function clientOf(host: Host, clientId = 'test'): Client {
  return inProcessClient<Contract>(host.router, { clientId, log: host.log });
}

/** A content with one user message, unless the parts say otherwise. */
export function contentOf(template: string, parts: Partial<PromptContentInput> = {}): PromptContent {
  return contentSchema.parse({ messages: [{ role: 'user', content: template }], ...parts });
}

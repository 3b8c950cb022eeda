import type { Losses } from '../losses.ts';
import { isMapping } from '../text/read-yaml.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Parameters that mean the same in both of OpenAI's requests. */
const shared = [
  ...['tool_choice', 'parallel_tool_calls', 'metadata', 'store', 'user', 'service_tier', 'stream', 'top_logprobs'],
  ...['safety_identifier', 'prompt_cache_key'],
];

/** Parameters of a Responses request as a chat request has them. */
export function chatParameters(parameters: Raw, losses: Losses): Raw {
  const entries = Object.entries(parameters).flatMap(([key, value]): readonly [string, unknown][] => {
    if (shared.includes(key)) return [[key, value]];
    if (key === 'reasoning' && isMapping(value) && value.effort !== undefined)
      return [['reasoning_effort', value.effort]];
    if (key === 'text' && isMapping(value) && value.verbosity !== undefined) return [['verbosity', value.verbosity]];
    losses.add('dropped', `parameter:${key}`, key, 'Chat requests have no such parameter.');
    return [];
  });
  return Object.fromEntries(entries);
}

/** Parts of a Responses request as a chat request has them. */
export function chatContent(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) => {
    if (!isMapping(part)) return part;
    const { type, file_id: id, filename, image_url: url, detail } = part;
    switch (type) {
      case 'input_text':
      case 'output_text':
        return { type: 'text', text: part.text };
      case 'input_image':
        return typeof url === 'string'
          ? { type: 'image_url', image_url: { url, ...(detail !== undefined && { detail }) } }
          : { type: 'file', file: { file_id: id } };
      case 'input_file':
        return typeof id === 'string'
          ? { type: 'file', file: { file_id: id, ...(filename !== undefined && { filename }) } }
          : { type: 'text', text: `[file: ${String(part.file_url ?? filename ?? 'nothing')}]` };
      default:
        return part;
    }
  });
}

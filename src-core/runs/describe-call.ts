import type { ToolCall } from '../contract/runs.ts';

/** What an answer asks for, as in `get_weather({"city":"Bergen"})`. */
export function describeCall({ name, arguments: given }: Pick<ToolCall, 'name' | 'arguments'>): string {
  return `${name === '' ? 'a tool without a name' : name}(${given})`;
}

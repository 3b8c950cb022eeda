import { parse } from 'yaml';
import { contentSchema, type PromptContent } from '../contract/content.ts';
import { AppError } from '../errors.ts';

/** What a file said about a prompt besides its content. */
export interface ContentFile {
  readonly content: PromptContent;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/**
 * Reads a prompt from a file's text. `.json`, `.yaml` and `.yml` hold a content (`messages`, `inputs`, `settings`, …;
 * `template` may stand for one user message), also with `title`, `description` and `tags`. Every other file is template
 * text: one user message, optionally behind YAML front matter with the same keys. Throws `invalid` naming file and field.
 */
export function readContentFile(name: string, text: string): ContentFile {
  if (/\.json$/i.test(name)) return toContent(name, readJson(name, text));
  if (/\.ya?ml$/i.test(name)) return toContent(name, readYaml(name, text));
  const matter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(text);
  if (!matter) return toContent(name, { template: text });
  return toContent(name, { ...asObject(name, readYaml(name, matter[1]!)), template: text.slice(matter[0].length) });
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid', `${name} is not valid JSON: ${(error as Error).message}`);
  }
}

function readYaml(name: string, text: string): unknown {
  try {
    return parse(text, { schema: 'core', maxAliasCount: 0, merge: false, uniqueKeys: true });
  } catch (error) {
    throw new AppError('invalid', `${name} is not valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

function asObject(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AppError('invalid', `${name} should hold an object with "messages" or "template".`);
}

function toContent(name: string, value: unknown): ContentFile {
  const { template, title, description, tags, ...rest } = asObject(name, value);
  const messages = rest.messages ?? (typeof template === 'string' ? [{ role: 'user', content: template }] : undefined);
  const parsed = contentSchema.safeParse({ ...rest, messages });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('invalid', `${name}: "${issue?.path.join('.') || 'the whole'}" is wrong: ${issue?.message}`);
  }
  return {
    content: parsed.data,
    ...(typeof title === 'string' && { title }),
    ...(typeof description === 'string' && { description }),
    ...(Array.isArray(tags) && { tags: tags.map(String) }),
  };
}

import { type RenderedContent, renderContent } from '../../content/templates/render-content.ts';
import { contentOfRendered } from '../../content/templates/rendered-message.ts';
import type { PromptContent } from '../../contract/content.ts';
import type { RenderedPart, Role } from '../../contract/messages.ts';
import type { IncludedPrompt, RenderProblem } from '../../contract/prompts.ts';
import type { Json } from '../../contract/shared.ts';
import { type IncludeCache, withIncludes } from '../../templates/with-includes.ts';

interface Rendered {
  readonly messages: { role: Role; content: string | RenderedPart[] }[] | null;
  readonly problems: RenderProblem[];
}

/** Looks included prompts up by name; null for names that mean none. */
export type FetchIncludes = (names: readonly string[]) => Promise<Record<string, IncludedPrompt | null>>;

/** Renders with includes taken from the stored prompts, asked for only where there are any; keep `cache` across the rows of a comparison. */
export async function renderFromLibrary(
  fetch: FetchIncludes,
  content: PromptContent,
  inputs: Readonly<Record<string, Json>>,
  cache: IncludeCache = new Map(),
  strict = false,
): Promise<Rendered> {
  return toRendered(
    await withIncludes(cache, fetch, (loader) => renderContent(content, inputs, { loader, strict, sourceMap: false })),
  );
}

function toRendered(result: RenderedContent): Rendered {
  return {
    messages: result.messages?.map((message) => ({ role: message.role, content: contentOfRendered(message) })) ?? null,
    problems: result.problems.map((problem) => ({
      severity: problem.severity,
      code: problem.code,
      message: problem.message,
      ...(problem.hint !== undefined && { hint: problem.hint }),
      messageIndex: problem.messageIndex,
      ...(problem.part !== undefined && { part: problem.part }),
      input: problem.input,
      line: problem.start?.line ?? null,
      column: problem.start?.column ?? null,
      template: problem.template,
    })),
  };
}

import { type Execution, type ExecutionResult, execute } from '../execute-run.ts';
import { createRunText } from '../run-text.ts';

/** What a run comes to, with its texts as they are read. */
export interface PlainResult extends Omit<ExecutionResult, 'output' | 'reasoning'> {
  readonly output: string;
  readonly reasoning: string;
}

/** Runs to the end; `onText` is told the output whenever one of the texts changed. */
export async function executePlainly(
  ports: Parameters<typeof execute>[0],
  execution: Execution,
  onText: (output: string) => void = () => undefined,
): Promise<PlainResult> {
  const texts = { output: createRunText(), reasoning: createRunText() };
  const listener = { text: () => onText(String(texts.output)), note: () => undefined };
  const result = await execute(ports, execution, texts, listener, new AbortController().signal);
  return { ...result, output: String(result.output), reasoning: String(result.reasoning) };
}

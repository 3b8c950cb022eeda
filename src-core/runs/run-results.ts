import type { ErrorData } from '../scope/errors.ts';
import type { ExecutionResult } from './execute-run.ts';
import type { RunPatch } from './run-rows.ts';
import { createRunText } from './run-text.ts';

/** The result of a run whose prompt could not be rendered. */
export function neverAsked(status: ExecutionResult['status'], error: ErrorData): ExecutionResult {
  return {
    status,
    error,
    model: '',
    identity: {},
    output: createRunText(),
    reasoning: createRunText(),
    toolCalls: [],
    finishReason: null,
    inputTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    cachedTokens: null,
    cost: null,
    ttftMs: null,
    latencyMs: 0,
    tokensPerSecond: null,
    generationMs: null,
    notes: [],
    schemaProblems: null,
    attempts: [],
  };
}

/** What a finished run writes beside its texts. */
export function toPatch(result: ExecutionResult): RunPatch {
  return {
    status: result.status,
    model: result.model,
    model_identity: JSON.stringify(result.identity),
    tool_calls: JSON.stringify(result.toolCalls),
    tool_call_count: result.toolCalls.length,
    attempts: JSON.stringify(result.attempts),
    finish_reason: result.finishReason,
    input_tokens: result.inputTokens,
    output_tokens: result.outputTokens,
    reasoning_tokens: result.reasoningTokens,
    cached_tokens: result.cachedTokens,
    cost: result.cost,
    ttft_ms: result.ttftMs,
    latency_ms: result.latencyMs,
    tokens_per_second: result.tokensPerSecond,
    generation_ms: result.generationMs,
    notes: JSON.stringify(result.notes),
    error: result.error && JSON.stringify(result.error),
    schema_problems: result.schemaProblems && JSON.stringify(result.schemaProblems),
  };
}

// Apart from the fields themselves, so that a list of prompts loads neither them nor zod.

/** Whether a text belongs to the prompt's name, title and so on, which no version contains. */
export function isOfPrompt(path: string): boolean {
  return path.startsWith('prompt/');
}

import { orpc, queryClient } from '../../../live/api.ts';

/** Reads prompts and projects again, after this window changed them. */
export function refreshLibrary(): void {
  for (const queryKey of [orpc.prompts.key(), orpc.library.key()]) void queryClient.invalidateQueries({ queryKey });
}

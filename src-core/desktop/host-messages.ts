import { z } from 'zod';

/** What the shell tells the host process. A `connect` and an `engine-started` bring a MessagePort along. */
export type ShellMessage =
  | { readonly kind: 'open'; readonly dataDir: string }
  | { readonly kind: 'connect'; readonly clientId: string }
  | { readonly kind: 'engine-started'; readonly id: number; readonly pid: number | undefined }
  | {
      readonly kind: 'engine-exited';
      readonly id: number;
      readonly code: number | null;
      /** The last lines that it wrote to stderr. */
      readonly stderr: string;
    }
  | { readonly kind: 'close' };

/** What the host process tells the shell; parsed, because a native crash may garble the last message. */
export const hostMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** The data directory cannot be used; starting again would not help. */
  z.object({ kind: z.literal('failed'), message: z.string() }),
  /** Asks the shell to start an engine process; the shell always runs its own engine file. */
  z.object({ kind: z.literal('launch-engine'), id: z.number().int(), env: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('kill-engine'), id: z.number().int() }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

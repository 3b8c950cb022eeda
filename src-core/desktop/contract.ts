import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errors } from '../contract/errors.ts';
import { okSchema } from '../contract/shared.ts';
import { type CommandId, isCommandId } from './commands.ts';

const filtersSchema = z
  .array(z.object({ name: z.string().max(100), extensions: z.array(z.string().max(20)).max(20) }))
  .max(20)
  .default([]);

export const desktopEventSchema = z.discriminatedUnion('kind', [
  /** Chosen in the native menu. */
  z.object({ kind: z.literal('command'), id: z.custom<CommandId>((id) => typeof id === 'string' && isCommandId(id)) }),
  /** Files that the person opened with the application, absolute paths. */
  z.object({ kind: z.literal('files'), paths: z.array(z.string()) }),
]);
export type DesktopEvent = z.infer<typeof desktopEventSchema>;

/** What only the desktop can do; Electron's main process serves it, and in a browser the window does the same with web APIs. */
export const desktopContract = {
  /** The absolute path of the file that the person picked, or null. */
  openFile: oc
    .input(z.object({ title: z.string().max(200), filters: filtersSchema }))
    .output(z.object({ path: z.string() }).nullable())
    .errors(errors),
  /** Writes a text where the person chooses; the path, or null when they cancel. */
  saveFile: oc
    .input(
      z.object({
        title: z.string().max(200),
        suggestedName: z.string().max(200),
        filters: filtersSchema,
        text: z.string(),
      }),
    )
    .output(z.object({ path: z.string() }).nullable())
    .errors(errors),
  /** Shows a file in the platform's file manager. */
  revealPath: oc
    .input(z.object({ path: z.string().min(1) }))
    .output(okSchema)
    .errors(errors),
  events: oc.output(eventIterator(desktopEventSchema)).errors(errors),
};
export type DesktopContract = typeof desktopContract;

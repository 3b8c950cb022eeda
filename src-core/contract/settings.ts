import { z } from 'zod';
import { labelNameSchema, protectedLabels } from './label-name.ts';
import { works } from './operation.ts';
import { jsonSchema, okSchema } from './shared.ts';

const settingsShape = {
  theme: z.enum(['system', 'light', 'dark']),
  /** Name that versions and moves of labels are signed with. */
  author: z.string().max(100),
  editorFontSize: z.number().int().min(8).max(32),
  editorWordWrap: z.boolean(),
  /** Minutes without a run after which a local model is unloaded; 0 never. */
  idleUnloadMinutes: z.number().int().min(0).max(1_440),
  /** Cells of a comparison in flight at once. */
  defaultConcurrency: z.number().int().min(1).max(256),
  defaultModel: z.string().max(300),
  welcomeSeen: z.boolean(),
  /** Labels whose move asks for confirmation. */
  protectedLabels: z.array(labelNameSchema).max(100),
};

export const settingsSchema = z.object(settingsShape);
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: 'system',
  author: '',
  editorFontSize: 13,
  editorWordWrap: true,
  idleUnloadMinutes: 15,
  defaultConcurrency: 8,
  defaultModel: 'starter',
  welcomeSeen: false,
  protectedLabels: [...protectedLabels],
};

/** The person's preferences, and the window's own remembered state (layout, tabs, form values). */
export const settings = {
  get: works('read').output(settingsSchema),
  update: works('write').input(settingsSchema.partial()).output(settingsSchema),
  /** Window state under a key of the window's choosing; null when there is none. */
  getState: works('read')
    .input(z.object({ key: z.string().max(200) }))
    .output(jsonSchema),
  setState: works('write')
    .input(z.object({ key: z.string().max(200), value: jsonSchema }))
    .output(okSchema),
};

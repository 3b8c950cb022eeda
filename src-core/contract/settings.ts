import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errors } from './errors.ts';
import { labelNameSchema, protectedLabels } from './label-name.ts';
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
  get: oc.output(settingsSchema).errors(errors),
  update: oc.input(settingsSchema.partial()).output(settingsSchema).errors(errors),
  /** Window state under a key of the window's choosing; null when there is none. */
  getState: oc
    .input(z.object({ key: z.string().max(200) }))
    .output(jsonSchema)
    .errors(errors),
  setState: oc
    .input(z.object({ key: z.string().max(200), value: jsonSchema }))
    .output(okSchema)
    .errors(errors),
};

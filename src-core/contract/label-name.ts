import { z } from 'zod';

/** Moves by itself with every save, so nobody may set it. */
export const latestLabel = 'latest';

/** The labels that every prompt is offered. */
export const environmentLabels = ['development', 'staging', 'production'] as const;

/** The labels whose move asks for confirmation until a person decides otherwise. */
export const protectedLabels: readonly string[] = ['production'];

export const numberPattern = /^[0-9]+$/;
export const hashPattern = /^[0-9a-f]{7,64}$/;
export const labelPattern = /^[a-z0-9._-]{1,36}$/;

/** The name of a label that a person may set: never one that `name@…` would read as a version number or a hash. */
export const labelNameSchema = z
  .string()
  .regex(labelPattern, { error: 'A label is 1 to 36 lower-case letters, digits, ".", "_" or "-", as in "staging".' })
  .refine((name) => name !== latestLabel, { error: 'The label "latest" always follows the newest version by itself.' })
  .refine((name) => !numberPattern.test(name), {
    error: 'A label cannot be digits alone, because that means a version number.',
  })
  .refine((name) => !hashPattern.test(name), {
    error: 'A label cannot be 7 or more of 0-9 and a-f alone, because that means the hash of a version.',
  });

import type { Bomb } from './bombs/bomb.ts';
import { growth } from './bombs/growth.ts';
import { keys } from './bombs/keys.ts';
import { liquidBombs } from './bombs/liquid.ts';
import { loops } from './bombs/loops.ts';
import { multipliers } from './bombs/multipliers.ts';
import { nesting } from './bombs/nesting.ts';
import { numbers } from './bombs/numbers.ts';
import { nunjucksBombs } from './bombs/nunjucks.ts';
import { patterns } from './bombs/patterns.ts';
import { recursion } from './bombs/recursion.ts';
import { sources } from './bombs/sources.ts';

/** Every bomb; each must end within its limits. */
export const bombs: readonly Bomb[] = [
  ...loops,
  ...growth,
  ...numbers,
  ...recursion,
  ...nesting,
  ...sources,
  ...patterns,
  ...multipliers,
  ...keys,
  ...liquidBombs,
  ...nunjucksBombs,
];

/** What is a bomb in Jinja may be one in nunjucks. */
export const jinjaBombsInNunjucks: readonly Bomb[] = bombs
  .filter(({ syntax }) => syntax === undefined)
  .map((bomb) => ({ ...bomb, name: `as nunjucks: ${bomb.name}`, syntax: 'nunjucks' }));

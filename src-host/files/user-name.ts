import { userInfo } from 'node:os';

/** The name of the account that runs the program: signs versions until a person sets another. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'me';
  }
}

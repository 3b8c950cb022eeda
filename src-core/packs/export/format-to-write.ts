import { AppError } from '../../scope/errors.ts';
import type { Format } from '../format.ts';
import { formats } from '../formats/registry.ts';

/** The format with its writer; throws `invalid` naming those that are written. */
export function formatToWrite(id: string): Format & Required<Pick<Format, 'write'>> {
  const format = formats.find(({ ids }) => ids.includes(id));
  if (format?.write !== undefined) return { ...format, write: format.write };
  const written = formats.flatMap(({ ids, write }) => (write === undefined ? [] : [ids[0]]));
  const what = format === undefined ? `There is no format "${id}".` : `${format.title} is read here and not written.`;
  throw new AppError('invalid', `${what} Written are: ${written.join(', ')}.`, { format: id });
}

import { useEffect, useState } from 'react';
import { loadedMonaco, loadMonaco, type Monaco } from './load.ts';

/** The text editor; null until it has been loaded. */
export function useMonaco(): Monaco | null {
  const [monaco, setMonaco] = useState<Monaco | null>(loadedMonaco);
  useEffect(() => {
    if (monaco === null) loadMonaco().then(setMonaco);
  }, [monaco]);
  return monaco;
}

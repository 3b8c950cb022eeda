import { forgetToast, toastError } from './toast.tsx';

/** Does something that may fail and shows the sentence of its error; null when it failed. `failure` is the toast's title. */
export async function attempt<Result>(failure: string, action: () => Promise<Result>): Promise<Result | null> {
  try {
    const result = await action();
    forgetToast(failure);
    return result;
  } catch (error) {
    toastError(failure, error);
    return null;
  }
}

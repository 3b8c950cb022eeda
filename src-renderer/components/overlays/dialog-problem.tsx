import { CircleX } from 'lucide-react';

/** Why a dialog could not do what it is for; nothing while it can. */
export function DialogProblem({ problem }: { readonly problem: string | null }) {
  if (problem === null) return null;
  return (
    <p role="alert" className="mt-3 flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
      <CircleX aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{problem}</span>
    </p>
  );
}

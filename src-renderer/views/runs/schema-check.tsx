import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { Run } from '../../../src-core/contract/runs.ts';
import { ForeignText } from '../../components/ui/foreign-text.tsx';

/** Whether an answer keeps to the response schema of its prompt; nothing when it was not checked. */
export function SchemaCheck({ problems }: { readonly problems: Run['schemaProblems'] }) {
  if (problems === null) return null;
  if (problems.length === 0)
    return (
      <p className="flex items-center gap-1.5 text-sm text-success">
        <CircleCheck aria-hidden="true" className="size-3.5" /> The answer keeps to the response schema.
      </p>
    );
  return (
    <section
      aria-label="Problems with the response schema"
      className="flex gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning"
    >
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      <div className="min-w-0">
        <p className="font-medium">The answer breaks the response schema.</p>
        <ul className="break-words">
          {problems.map((problem) => (
            <li key={problem}>
              <ForeignText text={problem} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

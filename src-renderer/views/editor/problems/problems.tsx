import { CircleAlert, CircleX } from 'lucide-react';
import type { ContentProblem, ProblemFix } from '../../../../src-core/content/templates/content-problem.ts';
import { Button } from '../../../components/ui/button.tsx';
import { cn } from '../../../components/ui/cn.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';

export interface ProblemsProps {
  readonly problems: readonly ContentProblem[];
  /** Goes to where the problem stands. */
  readonly onGo: (problem: ContentProblem) => void;
  readonly onFix: (fix: ProblemFix) => void;
}

/** Errors and warnings; each goes to its place and offers its fix, if it has one. */
export function Problems({ problems, onGo, onFix }: ProblemsProps) {
  if (problems.length === 0) return null;
  return (
    <ul aria-label="Problems" className="flex flex-col gap-px">
      {problems.map((problem) => (
        <li
          key={JSON.stringify([problem.code, problem.message, problem.messageIndex, problem.part, problem.start])}
          className="flex items-start gap-2 rounded-md px-2 py-1 hover:bg-hover"
        >
          <button
            type="button"
            onClick={() => onGo(problem)}
            className="flex min-w-0 flex-1 items-start gap-2 text-left"
          >
            <SeverityIcon severity={problem.severity} />
            <span className="min-w-0 flex-1 text-sm">
              <ForeignText text={problem.message} />
              {problem.hint !== undefined && <span className="text-muted"> {problem.hint}</span>}
              {problem.start !== null && (
                <span className="ml-1.5 text-xs whitespace-nowrap text-muted">{placeOf(problem)}</span>
              )}
            </span>
          </button>
          {problem.fix !== undefined && (
            <Button size="sm" onClick={() => problem.fix && onFix(problem.fix)}>
              <FixLabel fix={problem.fix} />
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function FixLabel({ fix }: { readonly fix: ProblemFix }) {
  if (fix.kind === 'replace') return <>Change to “{fix.text}”</>;
  return (
    <>
      {fix.kind === 'declare' ? 'Declare' : 'Remove'}
      <span className="sr-only">input {fix.name}</span>
    </>
  );
}

function SeverityIcon({ severity }: { readonly severity: ContentProblem['severity'] }) {
  const Icon = severity === 'error' ? CircleX : CircleAlert;
  return (
    <Icon
      aria-label={severity === 'error' ? 'Error' : 'Warning'}
      className={cn('mt-0.5 size-3.5 shrink-0', severity === 'error' ? 'text-danger' : 'text-warning')}
    />
  );
}

function placeOf({ messageIndex, part, template, start }: ContentProblem): string {
  const message = messageIndex === null ? '' : `message ${messageIndex + 1}`;
  const where = template ?? (part === undefined ? message : `${message}, part ${part + 1}`);
  return `${where}, ${start?.line}:${start?.column}`;
}

import { useQuery } from '@tanstack/react-query';
import { promptNameSchema } from '../../../../src-core/contract/shared.ts';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { Select } from '../../../fields/select.tsx';
import { orpc } from '../../../live/api.ts';
import { createProject } from '../../library/organise/project-actions.ts';
import type { ImportOptions } from './use-plan.ts';

/** What is wrong with a folder; null when names can begin with it. */
export function folderProblem(folder: string): string | null {
  const path = folder.trim().replace(/\/+$/, '');
  if (path === '') return null;
  if (path.length > 100) return 'A folder has at most 100 characters here.';
  const problem = promptNameSchema.safeParse(path).error?.issues[0]?.message;
  return problem === undefined ? null : 'Lower-case letters, digits, ".", "_" and "-", with "/" between folders.';
}

interface ImportPlaceProps {
  readonly options: ImportOptions;
  readonly folderError: string | null;
  readonly onChange: (options: ImportOptions) => void;
  readonly disabled: boolean;
}

/** No project can be called so. */
const newProject = '/new';

/** The project and the folder that the prompts go to. */
export function ImportPlace({ options, folderError, onChange, disabled }: ImportPlaceProps) {
  const { project, folder } = options;
  const known = useQuery(orpc.library.projects.queryOptions()).data ?? [];
  const names = [...new Set([project, 'default', ...known.map(({ name }) => name)])].sort();
  const choose = async (name: string) => {
    const chosen = name === newProject ? await createProject() : name;
    if (chosen !== null) onChange({ ...options, project: chosen });
  };
  return (
    <div className="flex items-start gap-3">
      <Field label="Project" className="w-56">
        {(control) => (
          <Select
            {...control}
            value={project}
            disabled={disabled}
            onChange={(name) => void choose(name)}
            options={[
              ...names.map((name) => ({ value: name, label: name })),
              { value: newProject, label: 'New project…' },
            ]}
          />
        )}
      </Field>
      <Field label="Folder" error={folderError} className="flex-1">
        {(control) => (
          <Input
            {...control}
            className="font-mono text-sm"
            disabled={disabled}
            placeholder="None; or one before every name, as in from-langfuse"
            value={folder}
            onChange={(event) => onChange({ ...options, folder: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

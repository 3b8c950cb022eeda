import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import type { MenuEntry } from '../../../components/overlays/menu-parts.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { orpc } from '../../../live/api.ts';
import { clearSelection, useList } from '../list-store.ts';
import { createProject, removeProject, renameProject } from './project-actions.ts';

const titles = { active: 'Prompts', archived: 'Archived prompts', trashed: 'Trash' } as const;

/** Title of the list; chooses which project it shows. */
export function ProjectSwitcher() {
  const { project, status } = useList();
  const projects = useQuery(orpc.library.projects.queryOptions()).data ?? [];
  const show = (next: string | null) => {
    clearSelection();
    useList.setState({ project: next });
  };
  const mark = (label: string, on: boolean) => (on ? `${label}  ✓` : label);
  const shown = projects.find(({ name }) => name === project);
  const entries: readonly MenuEntry[] = [
    { label: mark('All projects', project === null), onSelect: () => show(null) },
    ...projects.map(({ name, prompts }) => ({
      label: mark(`${name}  ${prompts}`, project === name),
      onSelect: () => show(name),
    })),
    { kind: 'separator' },
    {
      label: 'New project…',
      onSelect: () => void createProject().then((name) => name !== null && show(name)),
    },
    ...(project === null
      ? []
      : [
          { label: 'Rename project…', onSelect: () => void renameProject(project) },
          {
            label: 'Delete project',
            danger: true,
            disabled: shown === undefined || shown.prompts > 0,
            onSelect: () => void removeProject(project),
          },
        ]),
  ];
  return (
    <h2 className="min-w-0 flex-1">
      <DropdownMenu align="start" entries={entries}>
        <Button variant="ghost" size="sm" className="max-w-full px-1.5 text-sm font-semibold text-foreground">
          <span className="truncate">{titles[status]}</span>
          {project !== null && <span className="truncate font-normal text-muted">in {project}</span>}
          <ChevronDown className="text-faint" />
        </Button>
      </DropdownMenu>
    </h2>
  );
}

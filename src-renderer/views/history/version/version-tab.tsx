import { useQuery } from '@tanstack/react-query';
import { Ellipsis, FileX, GitBranch, Play, RotateCcw } from 'lucide-react';
import { useEffect } from 'react';
import { shownNumber, versionName } from '../../../../src-core/content/version-name.ts';
import type { Prompt } from '../../../../src-core/contract/prompts.ts';
import type { Version } from '../../../../src-core/contract/versions.ts';
import { formatAgo } from '../../../components/format.ts';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../../components/ui/skeleton.tsx';
import { VersionName } from '../../../components/version-name.tsx';
import { Switch } from '../../../fields/switch.tsx';
import { orpc } from '../../../live/api.ts';
import { openVersion } from '../../../workbench/navigation/open-history.ts';
import { closeTab, describeTab } from '../../../workbench/tabs.ts';
import type { EditorProps } from '../../../workbench/view.ts';
import { FieldTable } from '../diff/field-table.tsx';
import { restoreVersion, runVersion, showPrompt } from '../versions/history-actions.ts';
import { LabelBadge } from '../versions/label-badge.tsx';
import { useMarkedVersion } from '../versions/marked-version.ts';
import { useVersion } from '../versions/use-content.ts';
import { versionMenu } from '../versions/version-menu.ts';
import { BlamedMessages } from './blamed-messages.tsx';
import { setValues } from './set-values.ts';
import { useVersionView } from './version-view.ts';

/** A version: to read, restore, run and blame. */
export function VersionTab({ id, tabKey }: EditorProps) {
  const version = useVersion(id);
  const promptId = version.data?.promptId;
  const prompt = useQuery({
    ...orpc.prompts.get.queryOptions({ input: { id: promptId ?? '' } }),
    enabled: promptId !== undefined,
  });
  const error = version.error ?? prompt.error;
  if (version.data !== undefined && prompt.data !== undefined) {
    return <Opened version={version.data} prompt={prompt.data} tabKey={tabKey} />;
  }
  if (error === null) return <SkeletonList rows={8} />;
  return (
    <EmptyState
      icon={FileX}
      title="This version cannot be shown"
      actions={<Button onClick={() => closeTab(tabKey)}>Close tab</Button>}
    >
      <ForeignText text={error.message} />
    </EmptyState>
  );
}

interface OpenedProps {
  readonly version: Version;
  readonly prompt: Prompt;
  readonly tabKey: string;
}

function Opened({ version, prompt, tabKey }: OpenedProps) {
  const blame = useVersionView((state) => state.blame);
  const { id, number, content } = version;
  const name = `Version ${shownNumber(version)}`;
  const title = `${prompt.name.split('/').at(-1)} ${versionName(version)}`;
  useEffect(() => describeTab(tabKey, { title }), [tabKey, title]);
  const fields = setValues(content);
  return (
    <div className="flex h-full flex-col">
      <Header version={version} prompt={prompt} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled with the keyboard */}
      <section aria-label={name} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-4">
        <div className="flex flex-col gap-3">
          <BlamedMessages
            versionId={id}
            number={number}
            content={content}
            blame={blame}
            onOpenVersion={(other) => openVersion(prompt.name, other)}
          />
          {fields.length > 0 && <FieldTable changes={fields} single />}
        </div>
      </section>
    </div>
  );
}

function Header({ version, prompt }: Pick<OpenedProps, 'version' | 'prompt'>) {
  const blame = useVersionView((state) => state.blame);
  const marked = useMarkedVersion((state) => state.marked);
  const labels = useQuery(orpc.labels.list.queryOptions({ input: { promptId: prompt.id } })).data ?? [];
  const { id, number, confirmed, note, author, createdAt } = version;
  const of = { id, number, confirmed, promptId: prompt.id };
  const baseId = prompt.draft.baseVersion?.id ?? null;
  return (
    <header className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 border-b px-4 py-2.5">
      <div className="min-w-64 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <Button variant="link" className="text-base" onClick={() => void showPrompt(prompt.id)}>
            {prompt.name}
          </Button>
          <VersionName version={version} className="text-lg font-semibold" />
          {labels
            .filter((label) => label.version.id === id)
            .map(({ name }) => (
              <LabelBadge key={name} name={name} />
            ))}
        </p>
        <p className="text-sm break-words">{note || <span className="text-muted">No note</span>}</p>
        <p className="text-xs text-muted">
          {author},{' '}
          <time dateTime={createdAt} title={new Date(createdAt).toLocaleString()}>
            {formatAgo(createdAt)}
          </time>
          ,{' '}
          <span className="font-mono" title={`SHA-256 of the content: ${version.hash}`}>
            {version.hash.slice(0, 12)}
          </span>
        </p>
      </div>
      <div className="flex items-center gap-1.5 pt-0.5">
        <label htmlFor="blame" className="mr-2 flex items-center gap-2 text-sm text-muted">
          <Switch id="blame" checked={blame} onCheckedChange={(on) => useVersionView.setState({ blame: on })} />
          Blame
        </label>
        <Tip label="Runs this version with the values of the form">
          <Button onClick={() => void runVersion(of)}>
            <Play /> Run
          </Button>
        </Tip>
        <Tip label="Starts the draft from here; saving makes a branch">
          <Button onClick={() => void restoreVersion(of, 'editFrom')}>
            <GitBranch /> Edit from here
          </Button>
        </Tip>
        <Tip label="Puts this text into the draft, on top of what is there">
          <Button variant="primary" onClick={() => void restoreVersion(of, 'onTop')}>
            <RotateCcw /> Restore
          </Button>
        </Tip>
        <DropdownMenu entries={menuOf(prompt, version, baseId, marked)}>
          <Button variant="ghost" size="icon" aria-label="More actions">
            <Ellipsis />
          </Button>
        </DropdownMenu>
      </div>
    </header>
  );
}

function menuOf(
  prompt: Prompt,
  version: Parameters<typeof versionMenu>[0]['version'],
  baseId: string | null,
  marked: ReturnType<typeof useMarkedVersion.getState>['marked'],
) {
  return versionMenu({ promptId: prompt.id, promptName: prompt.name, version, baseId, marked }).filter(
    (entry) => !('onSelect' in entry) || !['Open', 'Run', 'Restore', 'Edit from here'].includes(entry.label),
  );
}

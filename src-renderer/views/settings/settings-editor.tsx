import { useQuery } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Settings } from '../../../src-core/contract/settings.ts';
import { formatBytes } from '../../components/format.ts';
import { Button } from '../../components/ui/button.tsx';
import { Select } from '../../fields/select.tsx';
import { Switch } from '../../fields/switch.tsx';
import { longest } from '../../fields/too-long.ts';
import { orpc } from '../../live/api.ts';
import { useSettings } from '../../live/settings.ts';
import { desktop } from '../../workbench/desktop.ts';
import { updateSettings } from '../../workbench/settings-store.ts';
import { LazyNumber, LazyText } from './lazy-inputs.tsx';
import { Licences } from './licences.tsx';

/** All preferences, with effect at once. */
export function SettingsEditor() {
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-180 flex-col gap-8 px-8 py-8">
        <h1 className="text-xl font-semibold">Settings</h1>
        <General />
        <TextEditor />
        <Models />
        <Data />
        <About />
      </div>
    </div>
  );
}

function General() {
  const { theme, author } = useSettings();
  return (
    <Section title="General">
      <Row title="Theme" hint="System follows the light or dark mode of your desktop.">
        {(id) => (
          <Select<Settings['theme']>
            aria-label="Theme"
            id={id}
            value={theme}
            onChange={(next) => updateSettings({ theme: next })}
            options={[
              { value: 'system', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        )}
      </Row>
      <Row title="Author" hint="The name that your versions are signed with.">
        {(id) => (
          <LazyText
            id={id}
            value={author}
            what="A name"
            most={longest.author}
            placeholder="Your name"
            onChange={(next) => updateSettings({ author: next })}
          />
        )}
      </Row>
    </Section>
  );
}

function TextEditor() {
  const { editorFontSize, editorWordWrap } = useSettings();
  return (
    <Section title="Text editor">
      <Row title="Font size" hint="Pixels, 8 to 32.">
        {(id) => (
          <LazyNumber
            id={id}
            value={editorFontSize}
            min={8}
            max={32}
            onChange={(next) => updateSettings({ editorFontSize: next })}
          />
        )}
      </Row>
      <Row title="Wrap long lines">
        {(id) => (
          <Switch
            id={id}
            checked={editorWordWrap}
            onCheckedChange={(next) => updateSettings({ editorWordWrap: next })}
          />
        )}
      </Row>
    </Section>
  );
}

function Models() {
  const { defaultModel, idleUnloadMinutes, defaultConcurrency } = useSettings();
  const models = useQuery(orpc.models.list.queryOptions()).data ?? [];
  return (
    <Section title="Models">
      <Row title="Default model" hint="What a new prompt starts with.">
        {(id) => (
          <Select
            aria-label="Default model"
            id={id}
            value={defaultModel}
            onChange={(next) => updateSettings({ defaultModel: next })}
            options={models.map((model) => ({ value: model.id, label: model.title }))}
          />
        )}
      </Row>
      <Row title="Unload idle models after" hint="Minutes without a run; 0 keeps them loaded.">
        {(id) => (
          <LazyNumber
            id={id}
            value={idleUnloadMinutes}
            min={0}
            max={1_440}
            onChange={(next) => updateSettings({ idleUnloadMinutes: next })}
          />
        )}
      </Row>
      <Row title="Cells in flight" hint="How many cells of a comparison run at once, 1 to 256.">
        {(id) => (
          <LazyNumber
            id={id}
            value={defaultConcurrency}
            min={1}
            max={256}
            onChange={(next) => updateSettings({ defaultConcurrency: next })}
          />
        )}
      </Row>
    </Section>
  );
}

const keyPlaces = {
  keychain: 'Keys are kept in the keychain of your operating system.',
  file: 'Keys are kept in an encrypted file in the data directory, because no keychain was found.',
  memory: 'Keys are kept in memory only and are gone after a restart.',
} as const;

function Data() {
  const info = useQuery(orpc.workspace.info.queryOptions()).data;
  const { revealPath } = desktop;
  return (
    <Section title="Data">
      <Row title="Data directory" hint="Prompts, versions, runs and settings are in one SQLite file in here.">
        {() => (
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 truncate font-mono text-xs select-text" title={info?.dataDir}>
              {info?.dataDir}
            </code>
            {revealPath !== null && info !== undefined && (
              <Button size="sm" onClick={() => revealPath(info.databaseFile)}>
                <FolderOpen /> Show
              </Button>
            )}
          </div>
        )}
      </Row>
      <Row title="Database" hint="Copy it while PromptDev is closed to keep a backup.">
        {() => <span className="tabular">{info && formatBytes(info.databaseBytes)}</span>}
      </Row>
      <Row title="API keys" hint={info && keyPlaces[info.secretsBackend]}>
        {() => (
          <span>
            {info?.secretsBackend === 'keychain' ? 'Keychain' : info?.secretsBackend === 'file' ? 'File' : 'Memory'}
          </span>
        )}
      </Row>
    </Section>
  );
}

function About() {
  const info = useQuery(orpc.workspace.info.queryOptions()).data;
  return (
    <Section title="About">
      <Row title="PromptDev" hint="Apache-2.0. It sends nothing anywhere but to the endpoints that you configure.">
        {() => <span className="tabular">{info && `Version ${info.appVersion}`}</span>}
      </Row>
      <Row
        title="Host"
        hint={info && `Process ${info.host.pid} on ${info.host.platform} with ${info.host.cores} cores`}
      >
        {() => <span>{info && `Node ${info.host.node}`}</span>}
      </Row>
      <Licences />
    </Section>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-1 text-sm font-semibold text-muted">{title}</h2>
      <div className="divide-y border-y">{children}</div>
    </section>
  );
}

interface RowProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}

function Row({ title, hint, children }: RowProps) {
  const id = `setting-${title.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <div className="grid grid-cols-[1fr_260px] items-center gap-6 py-2.5">
      <div>
        <label htmlFor={id} className="font-medium">
          {title}
        </label>
        {hint !== undefined && <p className="text-sm text-muted">{hint}</p>}
      </div>
      <div className="min-w-0">{children(id)}</div>
    </div>
  );
}

import { Globe, HardDrive, Plus } from 'lucide-react';
import type { Endpoint, Model } from '../../../src-core/contract/models.ts';
import { moveInList } from '../../components/list-keys.ts';
import { DropdownMenu } from '../../components/overlays/dropdown-menu.tsx';
import { Button } from '../../components/ui/button.tsx';
import { cn } from '../../components/ui/cn.ts';
import { markedText } from '../../components/ui/foreign-text.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { runCommand } from '../../workbench/commands.ts';
import { tabKey, useTabs } from '../../workbench/tabs.ts';
import { ModelDropZone } from './local/drop-zone.tsx';
import { ImportList } from './local/import-list.tsx';
import { summariseModel } from './state/describe-model.ts';
import { openEndpoint, openModel } from './state/model-actions.ts';
import { StateDot } from './state/state-dot.tsx';
import { groupModels, type ModelGroup, useEndpoints, useModels } from './state/use-models.ts';

/** The side list of the Models view: local and remote models by where they come from. */
export function ModelsSide() {
  const models = useModels();
  const endpoints = useEndpoints();
  const groups = groupModels(models, endpoints);
  return (
    <ModelDropZone>
      <header className="flex h-9 shrink-0 items-center gap-2 border-b pr-1.5 pl-3">
        <h2 className="flex-1 font-semibold">Models</h2>
        <DropdownMenu
          entries={[
            {
              label: 'Add local model…',
              icon: <HardDrive />,
              shortcut: 'Mod+O',
              onSelect: () => runCommand('model.addLocal'),
            },
            { label: 'Add endpoint…', icon: <Globe />, onSelect: () => runCommand('model.addEndpoint') },
          ]}
        >
          <Button variant="ghost" size="icon-sm" aria-label="Add model">
            <Plus />
          </Button>
        </DropdownMenu>
      </header>
      <ImportList />
      {models === undefined || endpoints === undefined ? (
        <SkeletonList />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are the controls, the arrow keys only move between them
        <div className="min-h-0 flex-1 overflow-y-auto py-1" onKeyDown={moveInList}>
          {groups.map((group) => (
            <Group key={group.endpoint?.id ?? group.title} group={group} />
          ))}
          {endpoints.length === 0 && (
            <section aria-label="Endpoints" className="flex flex-col items-start gap-2 px-3 py-2">
              <h3 className="text-xs font-medium text-muted">Endpoints</h3>
              <p className="text-sm text-muted">
                Connect OpenAI, Mistral, Ollama or any other server that speaks the OpenAI API, and compare its models
                with local ones.
              </p>
              <Button size="sm" onClick={() => runCommand('model.addEndpoint')}>
                <Plus /> Add endpoint
              </Button>
            </section>
          )}
        </div>
      )}
    </ModelDropZone>
  );
}

function Group({ group }: { readonly group: ModelGroup }) {
  const { title, endpoint, models } = group;
  return (
    <section aria-label={title} className="pb-2">
      {endpoint === null ? (
        <h3 className="px-3 pt-2 pb-1 text-xs font-medium text-muted">{markedText(title)}</h3>
      ) : (
        <EndpointHeading endpoint={endpoint} />
      )}
      <ul>
        {models.map((model) => (
          <li key={model.id}>
            <ModelRow model={model} />
          </li>
        ))}
      </ul>
      {models.length === 0 && endpoint === null && (
        <p className="px-3 py-1 text-sm text-muted">Drop a .gguf file here, or choose Add local model.</p>
      )}
      {models.length === 0 && endpoint !== null && (
        <p className="px-3 py-1 pl-8 text-sm text-muted">No models picked yet.</p>
      )}
    </section>
  );
}

const rowClass =
  'flex w-full items-center gap-2 px-3 text-left hover:bg-hover aria-[current]:bg-active focus-visible:-outline-offset-2';

function EndpointHeading({ endpoint }: { readonly endpoint: Endpoint }) {
  const active = useTabs((state) => state.active === tabKey({ kind: 'endpoint', id: endpoint.id }));
  return (
    <h3>
      <button
        type="button"
        data-item
        aria-current={active || undefined}
        className={cn(rowClass, 'h-7 text-xs font-medium text-muted')}
        onClick={() => openEndpoint(endpoint, true)}
        onDoubleClick={() => openEndpoint(endpoint)}
      >
        <Globe aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="min-w-0 flex-1 truncate">{markedText(endpoint.title || endpoint.name)}</span>
      </button>
    </h3>
  );
}

function ModelRow({ model }: { readonly model: Model }) {
  const active = useTabs((state) => state.active === tabKey({ kind: 'model', id: model.id }));
  return (
    <button
      type="button"
      data-item
      aria-current={active || undefined}
      className={cn(rowClass, 'h-10', model.kind === 'remote' && 'pl-5')}
      onClick={() => openModel(model, true)}
      onDoubleClick={() => openModel(model)}
    >
      <StateDot model={model} className="shrink-0" />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate leading-4">{markedText(model.title || model.id)}</span>
        <span className="truncate text-xs text-muted">{markedText(summariseModel(model))}</span>
      </span>
    </button>
  );
}

import { Box } from 'lucide-react';
import { useEffect } from 'react';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import { describeTab } from '../../workbench/tabs.ts';
import type { EditorProps } from '../../workbench/view.ts';
import { RemoteModelPage } from './endpoints/remote-model.tsx';
import { ModelDropZone } from './local/drop-zone.tsx';
import { LocalModelPage } from './local/local-model.tsx';
import { useModels } from './state/use-models.ts';

/** The tab of a model. */
export function ModelEditor({ id, tabKey }: EditorProps) {
  const models = useModels();
  const model = models?.find((one) => one.id === id);
  const title = model && (model.title || model.id);
  useEffect(() => {
    if (title !== undefined) describeTab(tabKey, { title });
  }, [tabKey, title]);
  if (models === undefined) return <SkeletonList />;
  if (model === undefined) {
    return (
      <EmptyState icon={Box} title="This model was removed">
        Runs that used it are still in the history.
      </EmptyState>
    );
  }
  return (
    <ModelDropZone>
      {model.kind === 'local' ? <LocalModelPage model={model} /> : <RemoteModelPage key={model.id} model={model} />}
    </ModelDropZone>
  );
}

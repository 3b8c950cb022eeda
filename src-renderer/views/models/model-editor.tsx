import { Box } from 'lucide-react';
import { EmptyState } from '../../components/ui/empty-state.tsx';
import { SkeletonList } from '../../components/ui/skeleton.tsx';
import type { EditorProps } from '../../workbench/view.ts';
import { ModelDropZone } from './drop-zone.tsx';
import { LocalModelPage } from './local-model.tsx';
import { RemoteModelPage } from './remote-model.tsx';
import { useModels } from './use-models.ts';

/** The tab of a model. */
export function ModelEditor({ id }: EditorProps) {
  const models = useModels();
  if (models === undefined) return <SkeletonList />;
  const model = models.find((one) => one.id === id);
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

import { Columns2, Rows2 } from 'lucide-react';
import { Tip } from '../../../components/overlays/tooltip.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Segments } from '../../../fields/segments.tsx';
import { useDiffLayout } from './diff-layout.ts';

/** Source or rendered, two columns or one. */
export function DiffLayoutSwitches() {
  const { inline, shows } = useDiffLayout();
  const tip = inline ? 'Show side by side' : 'Show in one column';
  return (
    <>
      <Segments
        label="What is compared"
        value={shows}
        onChange={(next) => useDiffLayout.setState({ shows: next })}
        options={[
          { value: 'source', label: 'Source' },
          { value: 'rendered', label: 'Rendered' },
        ]}
      />
      <Tip label={tip}>
        <Button
          variant="ghost"
          size="icon"
          aria-label={tip}
          onClick={() => useDiffLayout.setState({ inline: !inline })}
        >
          {inline ? <Columns2 /> : <Rows2 />}
        </Button>
      </Tip>
    </>
  );
}

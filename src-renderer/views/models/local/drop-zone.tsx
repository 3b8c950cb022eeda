import { FileDown } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { runsInElectron } from '../../../live/ports.ts';
import { importFile, isModelFile } from './imports.ts';

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** Takes GGUF files that are dropped anywhere on what it wraps. */
export function ModelDropZone({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState(false);
  // Counts enter and leave events, because entering a child leaves its parent.
  const depth = useRef(0);
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button "Add model" is the first
    <div
      data-takes-files
      className="relative flex h-full min-h-0 flex-col"
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDragLeave={(event) => {
        if (!hasFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        leave();
        // In Electron the shell gets the paths of dropped models.
        for (const file of event.dataTransfer.files)
          if (!runsInElectron || !isModelFile(file.name)) void importFile(file);
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-1 z-20 flex animate-fade-in flex-col items-center justify-center gap-2 rounded-lg border-2 border-dashed border-accent bg-accent-soft text-accent-text">
          <FileDown aria-hidden="true" className="size-6" />
          <p className="font-medium">Drop the GGUF file to add it</p>
        </div>
      )}
    </div>
  );
}

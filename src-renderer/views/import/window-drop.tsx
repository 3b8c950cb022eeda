import { FileInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import { runsInElectron } from '../../live/ports.ts';
import { showView } from '../../workbench/layout.ts';
import { importFile, isModelFile } from '../models/local/imports.ts';
import { chosenFiles } from './choose/chosen-files.ts';
import { walkEntries } from './choose/walk-entries.ts';
import { takeFiles, useImport } from './import-store.ts';

/**
 * Takes files and folders that are dropped anywhere in the window, but for elements with `data-takes-files`, which take
 * them themselves. It is asked before every element, because text editors would take the names of the files as text.
 */
export function WindowDrop() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const onDrag = (event: DragEvent) => {
      const isOurs = isForImport(event);
      setOver(isOurs);
      if (!isOurs) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    };
    const onLeave = (event: DragEvent) => {
      // Null when the pointer leaves the window.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!isForImport(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.stopPropagation();
      takeDrop(event.dataTransfer);
    };
    const options = { capture: true };
    document.addEventListener('dragenter', onDrag, options);
    document.addEventListener('dragover', onDrag, options);
    document.addEventListener('dragleave', onLeave, options);
    document.addEventListener('drop', onDrop, options);
    return () => {
      document.removeEventListener('dragenter', onDrag, options);
      document.removeEventListener('dragover', onDrag, options);
      document.removeEventListener('dragleave', onLeave, options);
      document.removeEventListener('drop', onDrop, options);
    };
  }, []);
  if (!isOver) return null;
  return (
    // What takes files itself stays in sight.
    <div className="pointer-events-none fixed inset-1 z-[60] flex animate-fade-in items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/60">
      <p className="flex items-center gap-2 rounded-lg border border-accent bg-raised px-4 py-3 text-base font-medium text-accent-text shadow-popup">
        <FileInput aria-hidden="true" className="size-5" />
        Drop to import
      </p>
    </div>
  );
}

/** Another dialog is not left because something is dropped on it. */
function isForImport({ dataTransfer, target }: DragEvent): boolean {
  if (!dataTransfer?.types.includes('Files')) return false;
  if (target instanceof Element && target.closest('[data-takes-files]') !== null) return false;
  return useImport.getState().open === 'import' || document.querySelector('[role="dialog"]') === null;
}

function takeDrop({ items, files }: DataTransfer): void {
  // Both lists are empty as soon as the event is over.
  const entries = [...items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : []));
  const all = [...files];
  const models = all.filter(({ name }) => isModelFile(name));
  // A folder may be called like a model; in Electron the shell gets the paths of models.
  const areModels = models.length === all.length && all.length > 0 && !entries.some(({ isDirectory }) => isDirectory);
  if (areModels) {
    showView('models');
    if (!runsInElectron) for (const file of models) void importFile(file);
    return;
  }
  // A file that a page put there itself, as a mail program does with an attachment, has no entry.
  if (entries.length < all.length) void takeFiles(() => chosenFiles(all));
  else void takeFiles((signal) => walkEntries(entries, signal));
}

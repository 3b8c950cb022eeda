import { useQuery } from '@tanstack/react-query';
import { File as FileIcon, FolderOpen, Upload } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { DialogFooter } from '../../components/overlays/dialog.tsx';
import { DialogProblem } from '../../components/overlays/dialog-problem.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Kbd } from '../../components/ui/kbd.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../../components/ui/tabs.tsx';
import { Textarea } from '../../fields/textarea.tsx';
import { useDialogText } from '../../fields/use-dialog-text.ts';
import { orpc } from '../../live/api.ts';
import { useCommand } from '../../workbench/commands.ts';
import { chosenFiles, chosenFolder } from './choose/chosen-files.ts';
import { pastedName } from './choose/pasted-name.ts';
import { chooseAgain, closeImport, type ImportTab, takeFiles, useImport } from './import-store.ts';

/** Where what is imported comes from: files, a folder, or a text. */
export function ChooseStep({ problem }: { readonly problem: string | null }) {
  const tab = useImport((state) => state.tab);
  return (
    <Tabs
      value={tab}
      onValueChange={(next) => {
        chooseAgain();
        useImport.setState({ tab: next as ImportTab });
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabsList aria-label="Import from" className="px-2">
        <TabsTrigger value="files">Files or a folder</TabsTrigger>
        <TabsTrigger value="paste">Paste a text</TabsTrigger>
      </TabsList>
      <TabsContent value="files" className="overflow-y-auto px-4 pt-4 pb-4 outline-none" tabIndex={-1}>
        <ChooseFiles />
        <DialogProblem problem={problem} />
      </TabsContent>
      <TabsContent value="paste" className="flex flex-col outline-none data-[state=inactive]:hidden" tabIndex={-1}>
        <PasteText problem={problem} />
      </TabsContent>
      {tab === 'files' && (
        <DialogFooter>
          <Button onClick={closeImport}>Cancel</Button>
        </DialogFooter>
      )}
    </Tabs>
  );
}

function ChooseFiles() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  // After going back the focus would be nowhere.
  useEffect(() => button.current?.focus(), []);
  const take = (input: HTMLInputElement, choose: typeof chosenFiles) => {
    const picked = [...(input.files ?? [])];
    input.value = '';
    // A folder without files, and a picker that was left, look the same.
    if (picked.length > 0) void takeFiles(() => choose(picked));
  };
  return (
    <>
      <div className="flex flex-col items-center gap-3 rounded-lg border-2 border-dashed border-border-strong px-6 py-9 text-center">
        <Upload aria-hidden="true" className="size-6 stroke-[1.5] text-faint" />
        <p className="text-base font-medium">Drop files or a folder here</p>
        <div className="flex flex-wrap justify-center gap-2">
          <Button ref={button} variant="primary" size="lg" data-initial-focus onClick={() => files.current?.click()}>
            <FileIcon /> Choose files…
          </Button>
          <Button size="lg" onClick={() => folder.current?.click()}>
            <FolderOpen /> Choose a folder…
          </Button>
        </div>
        <p className="max-w-120 text-sm text-muted">
          <Readable />
        </p>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        className="hidden"
        aria-label="Files to import"
        onChange={(event) => take(event.currentTarget, chosenFiles)}
      />
      <input
        ref={folder}
        type="file"
        {...{ webkitdirectory: '' }}
        className="hidden"
        aria-label="Folder to import"
        onChange={(event) => take(event.currentTarget, chosenFolder)}
      />
    </>
  );
}

/** Which tools' files are read. */
function Readable() {
  const formats = useQuery(orpc.packs.formats.queryOptions()).data;
  if (formats === undefined) return null;
  return `Reads files of ${new Intl.ListFormat('en').format(new Set(formats.map(({ title }) => title)))}.`;
}

/** A longer text is not remembered when the dialog is closed. */
const longestRemembered = 100_000;
const pasted = {
  schema: z.string(),
  initial: '',
  keep: (text: string) => (text.length > longestRemembered ? '' : text),
};

function PasteText({ problem }: { readonly problem: string | null }) {
  const { value: text, change, forget } = useDialogText('import-paste', pasted);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const isReady = text.trim() !== '';
  const read = () => {
    if (isReady) void takeFiles(() => chosenFiles([new File([text], pastedName(text))]));
  };
  // In front of the prompt behind the dialog, which this shortcut would run.
  useCommand('run.start', read);
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-4 pt-4 pb-4">
        <Textarea
          ref={field}
          data-initial-focus
          aria-label="Text to import"
          className="max-h-[46vh] min-h-56 font-mono text-sm"
          placeholder={'A prompt as another tool shows or saves it: JSON of a dashboard, YAML, or its text'}
          value={text}
          onChange={(event) => change(event.target.value)}
        />
        <DialogProblem problem={problem} />
      </div>
      <DialogFooter>
        <span className="mr-auto flex items-center gap-1.5 text-sm text-muted">
          <Kbd shortcut="Mod+Enter" /> goes on
        </span>
        <Button
          onClick={() => {
            forget();
            closeImport();
          }}
        >
          Cancel
        </Button>
        <Button variant="primary" disabled={!isReady} onClick={read}>
          Read the text
        </Button>
      </DialogFooter>
    </>
  );
}

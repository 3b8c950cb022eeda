import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Cpu, FileText, SquareTerminal } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useDeferredValue, useState } from 'react';
import { type Command as CommandDescriptor, commands } from '../../../src-core/desktop/commands.ts';
import {
  Command,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from '../../components/overlays/command.tsx';
import { shortcutOf } from '../../components/shortcut-of.ts';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { Kbd } from '../../components/ui/kbd.tsx';
import { Snippet } from '../../components/ui/snippet.tsx';
import { longest, tooLong } from '../../fields/too-long.ts';
import { orpc } from '../../live/api.ts';
import { runCommand, useHandlers } from '../commands.ts';
import { closeDialogs, useDialogs } from '../dialogs.ts';
import { openTab, type TabTarget } from '../tabs.ts';
import { useEditorFor, useViews } from './parts.tsx';

const recentPrompts = (search: string) => orpc.prompts.list.queryOptions({ input: { search, limit: 8 } });

/** Finds commands, prompts and models by a few letters. */
export function CommandPalette() {
  const open = useDialogs((state) => state.open === 'palette');
  // Kept at hand, so that the first line is the chosen one from the moment that the palette opens.
  // Once it is read, changes are put into it; it is read again only when the palette is open.
  useQuery({ ...recentPrompts(''), enabled: ({ state }) => state.data === undefined });
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && closeDialogs()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-(--overlay)" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[min(600px,calc(100vw-32px))] -translate-x-1/2 animate-fade-in overflow-hidden rounded-lg border border-border-strong bg-raised shadow-popup focus:outline-none"
        >
          <Primitive.Title className="sr-only">Command palette</Primitive.Title>
          <Palette />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Palette() {
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search.trim());
  const problem = tooLong('A search', words, longest.search);
  const handlers = useHandlers((state) => state.handlers);
  const prompts = useQuery({
    ...recentPrompts(words),
    placeholderData: keepPreviousData,
    enabled: problem === null,
  });
  const models = useQuery(orpc.models.list.queryOptions());
  const views = useViews();
  const showsModels = useEditorFor('model') !== undefined;
  const available = commands.filter(
    (command) => command.id !== 'palette.open' && (handlers[command.id]?.length ?? 0) > 0,
  );

  return (
    <Command label="Command palette" loop className="max-h-[60vh]">
      <CommandInput
        autoFocus
        value={search}
        onValueChange={setSearch}
        aria-label="Search commands, prompts and models"
        placeholder="Search commands, prompts and models"
      />
      <CommandList>
        <CommandEmpty>{problem ?? `Nothing matches “${search}”.`}</CommandEmpty>
        {problem === null && (prompts.data?.items.length ?? 0) > 0 && (
          <CommandGroup heading={words === '' ? 'Recent prompts' : 'Prompts'}>
            {prompts.data?.items.map((prompt) => (
              <CommandItem
                key={prompt.id}
                value={`prompt ${prompt.id}`}
                // The host has matched the words already, against more than the palette shows.
                keywords={[prompt.name, prompt.title, search]}
                onSelect={() => go({ kind: 'prompt', id: prompt.id, title: prompt.title || prompt.name })}
              >
                <FileText />
                <span dir="auto" className="truncate">
                  <ForeignText text={prompt.title || prompt.name} />
                </span>
                {prompt.snippet !== null ? (
                  <span className="flex min-w-0 flex-1 text-xs text-muted">
                    <Snippet html={prompt.snippet} />
                  </span>
                ) : (
                  prompt.title !== '' && <span className="truncate text-xs text-muted">{prompt.name}</span>
                )}
              </CommandItem>
            ))}
          </CommandGroup>
        )}
        {problem === null &&
          views.map(
            ({ id, PaletteHits }) => PaletteHits && <PaletteHits key={id} query={words} onOpened={closeDialogs} />,
          )}
        <CommandGroup heading="Commands">
          {available.map((command: CommandDescriptor) => (
            <CommandItem
              key={command.id}
              value={command.title}
              keywords={[command.menu ?? '']}
              onSelect={() => run(command)}
            >
              <SquareTerminal />
              <span className="flex-1">{command.title}</span>
              {command.shortcut !== undefined && <Kbd shortcut={shortcutOf(command.id) ?? command.shortcut} />}
            </CommandItem>
          ))}
        </CommandGroup>
        {showsModels && (models.data?.length ?? 0) > 0 && (
          <CommandGroup heading="Models">
            {models.data?.map((model) => (
              <CommandItem
                key={model.id}
                value={`model ${model.id}`}
                keywords={[model.title]}
                onSelect={() => go({ kind: 'model', id: model.id, title: model.title })}
              >
                <Cpu />
                <span className="truncate">
                  <ForeignText text={model.title} />
                </span>
                <span className="truncate text-xs text-muted">
                  <ForeignText text={model.id} />
                </span>
              </CommandItem>
            ))}
          </CommandGroup>
        )}
      </CommandList>
    </Command>
  );
}

function run(command: CommandDescriptor): void {
  closeDialogs();
  // After the palette has given the focus back.
  setTimeout(() => runCommand(command.id), 0);
}

function go(target: TabTarget): void {
  closeDialogs();
  openTab(target);
}

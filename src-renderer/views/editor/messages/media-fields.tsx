import { RefreshCw } from 'lucide-react';
import { mediaUrlProblem } from '../../../../src-core/contract/media-address.ts';
import { sourceOf } from '../../../../src-core/contract/message-texts.ts';
import type { MediaPart } from '../../../../src-core/contract/messages.ts';
import { longestFileName } from '../../../../src-core/contract/part-rules.ts';
import { firstCharacters } from '../../../../src-core/contract/text-length.ts';
import { DropdownMenu } from '../../../components/overlays/dropdown-menu.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../fields/field.tsx';
import { Input } from '../../../fields/input.tsx';
import { Select } from '../../../fields/select.tsx';
import { type DraftHandle, useDraft } from '../../../live/drafts/draft-store.ts';
import { declareInput } from '../../../live/drafts/edit-content.ts';
import { sourceInputs, withSource } from '../../../live/drafts/edit-parts.ts';
import { useBlob } from '../../../live/media/blob-facts.ts';
import { addFiles } from '../../../live/media/pending-files.ts';
import { MediaFacts, Thumbnail } from '../../messages/media-view.tsx';
import { chooseFiles } from './edit-at.ts';
import { SuggestedInput } from './suggested-input.tsx';

export interface MediaFieldsProps {
  readonly handle: DraftHandle;
  readonly messageKey: string;
  readonly part: MediaPart;
  /** As in "part 2 of message 1". */
  readonly place: string;
  readonly onChange: (change: (part: MediaPart) => MediaPart) => void;
}

/** An image, an audio or a file: where it comes from, and what a model and people are told of it. */
export function MediaFields({ handle, messageKey, part, place, onChange }: MediaFieldsProps) {
  const blob = useBlob(part.hash);
  const source = sourceOf(part);
  const set = (key: 'name' | 'detail', value: string) =>
    onChange(({ [key]: _before, ...others }) => ({ ...others, ...(value !== '' && { [key]: value }) }));
  return (
    <div className="flex min-w-0 gap-3 px-3 pb-3">
      <Thumbnail part={part} blob={blob} className="mt-0.5" />
      <div className="@container flex min-w-0 flex-1 flex-col gap-2">
        {source.kind === 'url' && <AddressField part={part} onChange={onChange} />}
        {source.kind === 'input' && <InputNameField handle={handle} part={part} onChange={onChange} />}
        <div className="flex flex-wrap gap-2">
          <Input
            aria-label={`Name of ${place}`}
            className="w-auto min-w-40 flex-1"
            placeholder="Name, for the model and for people"
            maxLength={255}
            value={part.name ?? ''}
            onChange={(event) => set('name', event.target.value)}
          />
          {part.type === 'image' && (
            <Select
              aria-label={`Detail of ${place}`}
              className="w-36"
              value={part.detail ?? noDetail}
              onChange={(detail) => set('detail', detail === noDetail ? '' : detail)}
              options={detailsOf(part).map((detail) => ({
                value: detail,
                label: detail === noDetail ? <span className="text-muted">Any detail</span> : `Detail: ${detail}`,
              }))}
            />
          )}
          <SourceMenu messageKey={messageKey} part={part} place={place} onChange={onChange} />
        </div>
        {(part.mediaType !== undefined || part.hash !== undefined) && (
          <MediaFacts part={{ ...part, url: part.url, name: undefined, detail: undefined }} blob={blob} />
        )}
      </div>
    </div>
  );
}

const noDetail = 'promptdev:none';

/** Those that providers know, and the one that is set. */
function detailsOf({ detail }: MediaPart): readonly string[] {
  return [...new Set([noDetail, 'low', 'high', 'auto', ...(detail === undefined ? [] : [detail])])];
}

type SourceProps = Pick<MediaFieldsProps, 'part' | 'onChange'>;

function AddressField({ part, onChange }: SourceProps) {
  const url = part.url ?? '';
  return (
    <Field
      label="Address"
      hint="It is sent as it is; PromptDev never loads it."
      error={url === '' ? 'Give the address, as in "https://example.com/cat.png".' : mediaUrlProblem(url)}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="url"
          dir="ltr"
          className="font-mono"
          placeholder="https://"
          value={url}
          onChange={(event) => onChange((before) => withSource(before, { url: event.target.value.trim() }))}
        />
      )}
    </Field>
  );
}

function InputNameField({ handle, part, onChange }: SourceProps & { readonly handle: DraftHandle }) {
  const content = useDraft(handle, (state) => state.content);
  const name = part.input ?? '';
  const isDeclared = content.inputs.some((input) => input.name === name);
  return (
    <Field
      label="Input"
      hint={`Its value is the address or the hash of the ${part.type}.`}
      error={name === '' ? 'Give the name of an input.' : null}
      aside={
        name !== '' &&
        !isDeclared && (
          <Button
            size="sm"
            onClick={() =>
              handle.edit((current) => declareInput(current, { name, type: 'string', required: true, description: '' }))
            }
          >
            Declare
          </Button>
        )
      }
    >
      {(control) => (
        <SuggestedInput
          {...control}
          names={sourceInputs(content)}
          className="font-mono"
          placeholder="photo"
          value={name}
          onChange={(event) => onChange((before) => withSource(before, { input: event.target.value.trim() }))}
        />
      )}
    </Field>
  );
}

function SourceMenu({ messageKey, part, place, onChange }: Omit<MediaFieldsProps, 'handle'>) {
  const replace = (files: readonly File[]) =>
    void addFiles(messageKey, files, part.type, ({ blob }, name) =>
      onChange((before) => ({
        ...withSource(before, { hash: blob.hash }, blob.mediaType),
        name: firstCharacters(name, longestFileName),
      })),
    );
  return (
    <DropdownMenu
      entries={[
        { label: 'Choose another file…', onSelect: () => chooseFiles(part.type, false, replace) },
        {
          label: 'Use an address',
          disabled: part.url !== undefined,
          onSelect: () => onChange((before) => withSource(before, { url: '' })),
        },
        {
          label: 'Use an input',
          disabled: part.input !== undefined,
          onSelect: () => onChange((before) => withSource(before, { input: '' })),
        },
      ]}
    >
      <Button aria-label={`Replace ${place}`}>
        <RefreshCw /> Replace
      </Button>
    </DropdownMenu>
  );
}

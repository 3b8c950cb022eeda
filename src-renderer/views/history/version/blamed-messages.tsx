import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { PromptContent } from '../../../../src-core/contract/content.ts';
import { documentOf } from '../../../../src-core/contract/message-texts.ts';
import type { MessageTemplate } from '../../../../src-core/contract/messages.ts';
import { ForeignText } from '../../../components/ui/foreign-text.tsx';
import { RoleLabel } from '../../../components/ui/role-label.tsx';
import { orpc } from '../../../live/api.ts';
import { ReadOnlyText } from '../../../monaco/read-only-text.tsx';
import { templateLanguageIds } from '../../../monaco/template/language-ids.ts';
import type { VersionPlace } from '../../../workbench/navigation/open-history.ts';
import { type BlameBlock, blameBlocks } from './blame-blocks.ts';
import { BlameColumn } from './blame-column.tsx';

export interface BlamedMessagesProps {
  readonly versionId: string;
  readonly number: number;
  readonly content: PromptContent;
  readonly blame: boolean;
  readonly onOpenVersion: (version: VersionPlace) => void;
}

/** The messages of a version and, when asked for, who last changed which lines. */
export function BlamedMessages({ versionId, number, content, blame, onOpenVersion }: BlamedMessagesProps) {
  const blamed = useQuery({ ...orpc.versions.blame.queryOptions({ input: { id: versionId } }), enabled: blame });
  const blocks = useMemo(() => blamed.data?.map(({ lines }) => blameBlocks(lines)), [blamed.data]);
  return (
    <>
      {blame && blamed.error !== null && (
        <p role="alert" className="text-danger">
          <ForeignText text={blamed.error.message} />
        </p>
      )}
      <ol aria-label="Messages" className="flex flex-col gap-3">
        {content.messages.map((message, index) => (
          <Message
            // biome-ignore lint/suspicious/noArrayIndexKey: a version never changes
            key={index}
            message={message}
            label={`Message ${index + 1}, ${message.role ?? 'placeholder'}`}
            language={templateLanguageIds[content.syntax]}
            blocks={blame ? (blocks?.[index] ?? []) : null}
            newest={number}
            onOpenVersion={onOpenVersion}
          />
        ))}
      </ol>
    </>
  );
}

interface MessageProps {
  readonly message: MessageTemplate;
  readonly label: string;
  readonly language: string;
  /** Null hides the column. */
  readonly blocks: readonly BlameBlock[] | null;
  readonly newest: number;
  readonly onOpenVersion: (version: VersionPlace) => void;
}

function Message({ message, label, language, blocks, newest, onOpenVersion }: MessageProps) {
  const [tops, setTops] = useState<readonly number[]>([]);
  return (
    <li className="overflow-clip rounded-lg border">
      <div className="flex h-8 items-center border-b bg-panel px-3">
        <RoleLabel role={message.role ?? 'placeholder'} />
      </div>
      <div className="flex">
        {blocks !== null && <BlameColumn blocks={blocks} tops={tops} newest={newest} onOpen={onOpenVersion} />}
        <div className="min-w-0 flex-1">
          <ReadOnlyText value={documentOf(message)} language={language} label={label} onLayout={setTops} />
        </div>
      </div>
    </li>
  );
}

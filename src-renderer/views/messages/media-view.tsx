import { AudioLines, FileText, Globe, Image, ImageOff, Variable } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { BlobSummary } from '../../../src-core/contract/blobs.ts';
import { sourceOf } from '../../../src-core/contract/message-texts.ts';
import type { MediaPart, RenderedMedia } from '../../../src-core/contract/messages.ts';
import { formatBytes } from '../../components/format.ts';
import { Badge } from '../../components/ui/badge.tsx';
import { cn } from '../../components/ui/cn.ts';
import { ForeignText } from '../../components/ui/foreign-text.tsx';
import { useBlob } from '../../live/media/blob-facts.ts';
import { isDrawn, useImageUrl } from '../../live/media/image-urls.ts';
import { useNear } from '../../monaco/use-near.ts';

type Media = MediaPart | RenderedMedia;

/** What an image, an audio or a file is: a small picture where there is one, its name, its size and its type. */
export function MediaView({ part, compact = false }: { readonly part: Media; readonly compact?: boolean }) {
  const blob = useBlob(part.hash);
  return (
    <figure
      aria-label={labelOf(part)}
      className="flex max-w-xl min-w-0 items-center gap-3 rounded-md border bg-panel p-2 font-sans whitespace-normal"
    >
      <Thumbnail part={part} blob={blob} className={compact ? 'size-10' : undefined} />
      <figcaption className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="truncate text-sm font-medium" title={titleOf(part)}>
          <ForeignText text={titleOf(part)} />
        </span>
        <MediaFacts part={part} blob={blob} />
      </figcaption>
    </figure>
  );
}

/** Type, size, source, and a mark for bytes that are not here. */
export function MediaFacts({ part, blob }: { readonly part: Media; readonly blob: BlobSummary | null | undefined }) {
  const source = sourceOf(part);
  const facts = [
    part.mediaType ?? blob?.mediaType ?? part.type,
    blob ? formatBytes(blob.size) : null,
    part.detail === undefined ? null : `detail ${part.detail}`,
    source.kind === 'input' ? `from the input ${source.input}` : null,
    source.kind === 'url' && part.name !== undefined ? source.url : null,
  ];
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
      <span className="min-w-0 break-all">
        <ForeignText text={facts.filter((fact) => fact !== null).join(' · ')} />
      </span>
      {blob === null && (
        <Badge tone="warning" title={`The workspace has no bytes of the hash ${part.hash ?? ''}`}>
          <ImageOff /> Not in this workspace
        </Badge>
      )}
    </span>
  );
}

/** The picture itself where its bytes are here and can be drawn; else a sign of what it is. */
export function Thumbnail({
  part,
  blob,
  className,
}: {
  readonly part: Media;
  readonly blob: BlobSummary | null | undefined;
  readonly className?: string | undefined;
}) {
  const element = useRef<HTMLSpanElement>(null);
  const isNear = useNear(element, nothing);
  const hash = part.type === 'image' && blob && isDrawn(blob.mediaType) ? blob.hash : null;
  const url = useImageUrl(isNear ? hash : null);
  return (
    <span
      ref={element}
      className={cn(
        'flex size-16 shrink-0 items-center justify-center overflow-hidden rounded-md border bg-background text-muted [&_svg]:size-5',
        className,
      )}
    >
      {url === null ? (
        signOf(part, blob)
      ) : (
        <img src={url} alt={titleOf(part)} className="size-full object-contain" draggable={false} />
      )}
    </span>
  );
}

const nothing = () => {};

function signOf(part: Media, blob: BlobSummary | null | undefined): ReactNode {
  if (blob === null) return <ImageOff aria-hidden="true" />;
  if (part.url !== undefined) return <Globe aria-hidden="true" />;
  if (part.hash === undefined) return <Variable aria-hidden="true" />;
  return {
    image: <Image aria-hidden="true" />,
    audio: <AudioLines aria-hidden="true" />,
    file: <FileText aria-hidden="true" />,
  }[part.type];
}

/** The name of an image, an audio or a file; without one, where it comes from. */
export function titleOf(part: Media): string {
  if (part.name !== undefined && part.name !== '') return part.name;
  const source = sourceOf(part);
  if (source.kind === 'url') return source.url;
  return source.kind === 'input' ? source.input : `${source.hash.slice(0, 12)}…`;
}

const kinds = { image: 'Image', audio: 'Audio', file: 'File' } as const;

function labelOf(part: Media): string {
  return `${kinds[part.type]} ${titleOf(part)}`;
}

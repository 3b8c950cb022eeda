import { markTexts } from './foreign-text.tsx';

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

/** A search hit: text with `<mark>` around what matched, shown without ever becoming HTML. */
export function Snippet({ html }: { readonly html: string }) {
  const parts = html.split(/<mark>(.*?)<\/mark>/s);
  return (
    <span dir="auto" className="truncate">
      {parts.map((part, index) => {
        const text = part.replaceAll(/&(lt|gt|amp|quot|#39);/g, (_match, name: string) => entities[name] ?? '');
        const Part = index % 2 === 1 ? 'mark' : 'span';
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity
        return <Part key={index}>{markTexts(text)}</Part>;
      })}
    </span>
  );
}

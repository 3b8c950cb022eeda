const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

/** A search hit: text with `<mark>` around what matched, shown without ever becoming HTML. */
export function Snippet({ html }: { readonly html: string }) {
  const parts = html.split(/<mark>(.*?)<\/mark>/s);
  return (
    <span className="truncate">
      {parts.map((part, index) => {
        const text = part.replaceAll(/&(lt|gt|amp|quot|#39);/g, (_match, name: string) => entities[name] ?? '');
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity
        return index % 2 === 1 ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>;
      })}
    </span>
  );
}

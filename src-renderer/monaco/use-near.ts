import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/** Pixels beyond what shows; a page of scrolling in either direction finds its editors there. */
const margin = 1_200;

/**
 * Whether an element is in view or near it. Each editor costs milliseconds, so a prompt of 200 messages would freeze
 * the window if all existed. The one with the focus is kept.
 */
export function useNear(element: RefObject<HTMLElement | null>, onFar: () => void): boolean {
  const [isNear, setNear] = useState(false);

  // Before the first frame, so that what shows at once is there at once.
  useLayoutEffect(() => {
    const { top, bottom } = element.current?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    if (top < window.innerHeight + margin && bottom > -margin) setNear(true);
  }, [element]);

  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const init: IntersectionObserverInit & { readonly scrollMargin: string } = {
      rootMargin: `${margin}px`,
      // `scrollMargin` is for scrolling elements, `rootMargin` for the window.
      scrollMargin: `${margin}px`,
    };
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      // A hidden element has no size; it keeps its editor.
      if (last === undefined || last.boundingClientRect.width === 0) return;
      if (!last.isIntersecting && target.contains(document.activeElement)) return;
      if (!last.isIntersecting) onFar();
      setNear(last.isIntersecting);
    }, init);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, onFar]);

  return isNear;
}

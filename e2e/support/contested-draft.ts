import type { Page } from '@playwright/test';
import type { App } from './app.ts';

/** A connection whose messages to the host can be held back. */
export interface HeldConnection {
  /** Holds back what the window sends while `during` runs, then sends it. */
  hold(during: () => Promise<void>): Promise<void>;
}

/** Reloads the window with such a connection. */
export async function holdConnection(page: Page): Promise<HeldConnection> {
  const held: (() => void)[] = [];
  let isHolding = false;
  await page.routeWebSocket(/\/rpc\?/, (window) => {
    const host = window.connectToServer();
    window.onMessage((sent) => (isHolding ? held.push(() => host.send(sent)) : host.send(sent)));
  });
  await page.reload();
  return {
    hold: async (during) => {
      isHolding = true;
      await during();
      isHolding = false;
      for (const send of held.splice(0)) send();
    },
  };
}

/** Saves another text for the last message of a draft, as another window would. */
export async function saveElsewhere({ client }: App, name: string, text: string): Promise<void> {
  const { id, draft } = await client.prompts.find({ name });
  const { messages } = draft.content;
  const content = { ...draft.content, messages: messages.with(-1, { role: 'user', content: text }) };
  await client.prompts.saveDraft({ id, revision: draft.revision, content });
}

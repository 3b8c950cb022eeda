/// <reference path="../liquidjs.d.ts" />
import { type Context, type Emitter, ForTag } from 'liquidjs/dist/liquid.browser.mjs';
import type { OwnContext } from '../own-context.ts';

/** `for` that also renders `else` when `limit` and `offset` leave nothing; liquidjs checks only the whole list. */
export class SlicedForTag extends ForTag {
  override *render(context: Context, emitter: Emitter): Generator {
    let turns: number | null = null;
    (context as OwnContext).onNextLoop = (length) => {
      turns = length;
    };
    yield super.render(context, emitter);
    if (turns === 0) yield this.liquid.renderer.renderTemplates(this.elseTemplates, context, emitter);
  }
}

import type { LocalModel, Model, Price } from '../../../../src-core/contract/models.ts';
import { describeRefusal } from '../../../../src-core/models/describe-refusal.ts';
import { formatNumber } from '../../../components/format.ts';

/** A number of parameters, as in `3.6 M` or `7.2 B`. */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(count >= 1e11 ? 0 : 1)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(count >= 1e8 ? 0 : 1)} M`;
  return formatNumber(count);
}

/** A price per million tokens, as in `$2.50 in · $10 out`. */
export function formatPrice(price: Price | null): string {
  if (price === null) return 'no price set';
  if (price.inputPerMillion === 0 && price.outputPerMillion === 0) return 'free';
  return `${dollars(price.inputPerMillion)} in · ${dollars(price.outputPerMillion)} out`;
}

/** With two digits for cents, and more only where there are more. */
const dollars = (amount: number) => `$${String(amount).replace(/\.(\d)$/, '.$10')}`;

/** Where a price comes from and when it was true; null when that is not known. */
export function priceOrigin({ source, asOf }: Price): string | null {
  if (source === undefined || asOf === undefined) return null;
  const said = { list: 'List price noted in', endpoint: 'As the endpoint stated on', person: 'Entered by hand on' };
  return `${said[source]} ${asOf}`;
}

/** What a model is, in a few words for lists. */
export function summariseModel(model: Model): string {
  if (model.kind === 'remote') {
    const never = model.neverSend.length > 0 ? [`never sent: ${model.neverSend.join(', ')}`] : [];
    const refused = model.refused.length > 0 ? [`refused: ${model.refused.map(describeRefusal).join(', ')}`] : [];
    return [formatPrice(model.price), ...never, ...refused].join(' · ');
  }
  return `${formatParameters(model.parameters)} · ${model.quantisation}`;
}

/** The state of a local model in a word or two. */
export function stateLabel(model: LocalModel): string {
  if (!model.present) return 'file missing';
  switch (model.state.kind) {
    case 'unloaded':
      return 'not loaded';
    case 'loading':
      return `loading ${Math.round(model.state.progress * 100)} %`;
    case 'ready':
      return model.state.activeRuns > 0 ? 'running' : 'loaded';
    case 'crashed':
      return 'crashed';
    case 'quarantined':
      return 'set aside';
  }
}

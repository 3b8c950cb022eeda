import type { ChatMessage } from '../../../src-core/ports.ts';
import { type Failure, type Place, quote } from './failures/failures.ts';
import { mediaIn } from './wire-messages.ts';

/** How endpoints speak of what a text model gets beside text. */
const names = {
  image: /\bimages?\b|\bimage_url\b|\bvision\b|\bmmproj\b|图片|图像|视觉|画像|이미지/i,
  audio: /\baudio\b|\binput_audio\b|\baudio_url\b|\bspeech\b|音频|音声/i,
  file: /\bfiles?\b|\bfile_data\b|\bpdfs?\b|\bdocuments?\b|文件/i,
} as const;
const anyMedia = /\bmulti-?modal|\bmodalit(?:y|ies)\b|\bmedia\b|多模态/i;
/** One that takes images says this of an image that it cannot use. */
const aboutThisOne =
  /\bdownload|\bfetch|\bformats?\b|\bcorrupt|\bdecod|\btoo (?:large|big|small|many)\b|\bsize\b|\bdimension|\bexceed|\bmost\b|\baccessible\b/i;
/** Or of the shape of a content that is no text. */
const wantsText =
  /\bcontent\b[^.;]{0,80}\b(?:must|should|expected|valid|has to)\b[^.;]{0,40}\bstr(?:ing)?\b|\bexpected\b[^.;]{0,20}[`'"]?text\b|\b(?:must|should)\b[^.;]{0,30}\bvalid string\b|\bunknown variant\b|\bcontent type\b|\bcontent parts?\b/i;
const refuses =
  /\bnot\b|n't\b|\bno\b|\bun(?:supported|known|expected)\b|\binvalid\b|\bonly\b|\bmust\b|\bshould be\b|\bexpected\b|\bwithout\b|\bmissing\b|\bcannot\b|不支持|不支援|无效|ません|지원/i;

/** Statuses with which endpoints say that they cannot read a message; llama.cpp says it with 500, OpenRouter with 404. */
const statuses: readonly number[] = [400, 404, 415, 422, 500, 501];

/**
 * A failure that says that the model takes no images (or audio, or files), as a sentence that says what to do; null when it
 * is about something else.
 */
export function failureOfMedia(place: Place, failure: Failure, messages: readonly ChatMessage[]): Failure | null {
  const media = mediaIn(messages);
  const words = failure.said ?? '';
  if (media.length === 0 || (failure.status !== undefined && !statuses.includes(failure.status))) return null;
  const isNamed = anyMedia.test(words) || wantsText.test(words) || media.some((type) => names[type].test(words));
  if (!isNamed || !refuses.test(words) || aboutThisOne.test(words)) return null;
  const plural = media.map((type) => ({ image: 'images', audio: 'audio', file: 'files' })[type]).join(' or ');
  const message = `${place.endpoint}/${place.model ?? ''} does not take the ${plural} of this prompt${quote(place, words)}; take them out of the messages, or choose a model that takes ${plural}.`;
  return { ...failure, code: 'invalid', problem: 'rejected', message, retryable: false };
}

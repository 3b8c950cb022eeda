import { expect, test } from 'vitest';
import type { ChatMessage } from '../../../src-core/ports.ts';
import { type Failure, failureOfStatus } from './failures/failures.ts';
import { failureOfMedia } from './refused-media.ts';

const place = { endpoint: 'lab', baseUrl: 'http://127.0.0.1/v1', apiKey: 'secret', model: 'small' };
const withImage: ChatMessage[] = [{ role: 'user', content: [{ type: 'image', url: 'https://example.com/cat.png' }] }];
const said = (status: number, message: string): Failure =>
  failureOfStatus(place, { status, headers: new Headers(), body: { error: { message } }, now: 0 });

test.each([
  [500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj'],
  [404, 'No endpoints found that support image input'],
  [400, 'Invalid content type. image_url is only supported by certain models.'],
  [
    400,
    "'messages.0' : for 'role:user' the following must be satisfied[('messages.0.content' : value must be a string)]",
  ],
  [400, 'Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text` at line 1'],
  [400, 'small is not a multimodal model'],
  [422, 'Input should be a valid string for content'],
  [400, '该模型不支持图片输入'],
])('%d %s is a model that takes no images', (status, message) => {
  const failure = failureOfMedia(place, said(status, message), withImage);
  expect(failure).toMatchObject({ code: 'invalid', problem: 'rejected', retryable: false });
  expect(failure?.message).toMatch(
    /^lab\/small does not take the images of this prompt: ".*"; take them out of the messages, or choose a model that takes images\.$/s,
  );
});

test.each([
  [400, 'Error while downloading https://example.com/cat.png. Upstream status code: 404.'],
  [400, 'You uploaded an unsupported image. Please make sure your image has one of the following formats: png, jpeg.'],
  [400, 'Image is too large: at most 20 MB are not exceeded.'],
  [400, 'temperature is not supported'],
  [401, 'No images without a key.'],
  [429, 'Too many requests with images; not now.'],
])('%d %s is about something else', (status, message) => {
  expect(failureOfMedia(place, said(status, message), withImage)).toBeNull();
});

test('a prompt of text alone is never blamed, and bytes that an endpoint echoes are not shown', () => {
  const failure = said(400, `image_url is not supported: data:image/png;base64,${'A'.repeat(100)}`);
  expect(failureOfMedia(place, failure, [{ role: 'user', content: 'image' }])).toBeNull();
  expect(failureOfMedia(place, failure, withImage)?.message).toContain(';base64,[bytes]');
});

import { contentSchema, type PromptContentInput } from '../contract/content.ts';
import type { Database } from '../ports.ts';
import type { PromptsService } from '../prompts/prompts-service.ts';
import type { VersionsService } from '../versions/versions-service.ts';

interface Sample {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly content: PromptContentInput;
}

const settings = { model: 'starter', temperature: 0, maxTokens: 120 };

/** Prompts that the starter model can do, so that the very first run succeeds; each shows one idea. */
const samples: readonly Sample[] = [
  {
    name: 'samples/greeting',
    title: 'Greeting',
    description: 'A first prompt with inputs. Change the name, then run it.',
    tags: ['sample'],
    content: {
      messages: [
        {
          role: 'user',
          content:
            'Write a {{ style }} greeting for {{ name }}{% if weather %}, the weather is {{ weather }}{% endif %}.',
        },
      ],
      inputs: [
        { name: 'name', type: 'string', description: 'Who is greeted' },
        {
          name: 'style',
          type: 'enum',
          values: ['short', 'warm', 'formal', 'casual'],
          required: false,
          default: 'warm',
        },
        { name: 'weather', type: 'string', required: false, default: '', description: 'Left out when empty' },
      ],
      settings,
      samples: [
        { name: 'Ada, sunny', inputs: { name: 'Ada', style: 'warm', weather: 'sunny' } },
        { name: 'Formal', inputs: { name: 'Dr. Lindqvist', style: 'formal' } },
      ],
    },
  },
  {
    name: 'samples/review-sentiment',
    title: 'Review sentiment',
    description: 'Classifies a review in one word. Good for comparing models over many rows.',
    tags: ['sample', 'classification'],
    content: {
      messages: [
        { role: 'system', content: 'You are a sentiment classifier. Reply with positive, negative or neutral.' },
        { role: 'user', content: 'Review: {{ review }}' },
      ],
      inputs: [{ name: 'review', type: 'string', description: 'What the customer wrote' }],
      settings: { ...settings, maxTokens: 16 },
      samples: [
        { name: 'Happy', inputs: { review: 'The lamp is great and I love it.' } },
        { name: 'Unhappy', inputs: { review: 'The kettle broke after two days.' } },
      ],
    },
  },
  {
    name: 'samples/extract-contact',
    title: 'Extract a contact as JSON',
    description: 'Turns a sentence into JSON; a loop writes the list of keys.',
    tags: ['sample', 'extraction'],
    content: {
      messages: [
        {
          role: 'user',
          content:
            'Extract the {% for key in keys %}{{ key }}{% if loop.revindex > 2 %}, {% elif loop.revindex == 2 %} and {% endif %}{% endfor %} as JSON: {{ text }}',
        },
      ],
      inputs: [
        { name: 'text', type: 'string', description: 'The sentence to read' },
        { name: 'keys', type: 'array<string>', required: false, default: ['name', 'email', 'city'] },
      ],
      settings,
      samples: [
        {
          name: 'Customer',
          inputs: {
            text: 'My name is Mira Sand and I am from Oslo. You can email me at mira.sand@example.com.',
            keys: ['name', 'email', 'city'],
          },
        },
      ],
    },
  },
  {
    name: 'samples/persona',
    title: 'A persona',
    description: 'A system message sets the character; the answer stays in it.',
    tags: ['sample', 'persona'],
    content: {
      messages: [
        {
          role: 'system',
          content:
            'You are {{ name }}, a {{ trait }} {{ role }}.{% if user %} The user is called {{ user }}.{% endif %}',
        },
        { role: 'user', content: '{{ question }}' },
      ],
      inputs: [
        { name: 'name', type: 'string', required: false, default: 'Bolt' },
        {
          name: 'trait',
          type: 'enum',
          values: ['sleepy', 'energetic', 'gloomy', 'silly'],
          required: false,
          default: 'sleepy',
        },
        { name: 'role', type: 'string', required: false, default: 'robot' },
        { name: 'user', type: 'string', required: false, default: '' },
        { name: 'question', type: 'string', required: false, default: 'How are you today?' },
      ],
      settings,
      samples: [
        {
          name: 'Sleepy robot',
          inputs: { name: 'Bolt', trait: 'sleepy', role: 'robot', question: 'How are you today?' },
        },
        {
          name: 'Energetic pirate',
          inputs: { name: 'Anne', trait: 'energetic', role: 'pirate', question: 'Who are you?' },
        },
      ],
    },
  },
  {
    name: 'samples/tiny-story',
    title: 'A tiny story',
    description: 'Free text with a little temperature: run it twice and compare.',
    tags: ['sample', 'writing'],
    content: {
      messages: [{ role: 'user', content: 'Tell me a tiny story about a {{ adjective }} {{ hero }}.' }],
      inputs: [
        { name: 'adjective', type: 'string', required: false, default: 'brave' },
        { name: 'hero', type: 'string', required: false, default: 'fox' },
      ],
      settings: { ...settings, temperature: 0.7 },
      samples: [{ name: 'Brave fox', inputs: { adjective: 'brave', hero: 'fox' } }],
    },
  },
];

/** Puts the sample prompts into a library that has never had any prompt. */
export async function addSamples(
  database: Database,
  prompts: PromptsService,
  versions: VersionsService,
): Promise<void> {
  const done = await database.selectFrom('settings').select('key').where('key', '=', 'samplesAdded').executeTakeFirst();
  if (done) return;
  const call = { clientId: 'host', signal: undefined };
  const defaults = {
    type: 'chat',
    scope: 'user',
    owner: '',
    domain: '',
    metadata: {},
    project: 'default',
    source: 'system',
  } as const;
  for (const sample of samples) {
    const prompt = await prompts.create(
      { ...defaults, ...sample, tags: [...sample.tags], content: contentSchema.parse(sample.content) },
      call,
    );
    await versions.save({ promptId: prompt.id, note: 'Sample' }, call);
  }
  await database.insertInto('settings').values({ key: 'samplesAdded', value: 'true' }).execute();
}

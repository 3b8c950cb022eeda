import { contentSchema, type PromptContentInput } from '../contract/content.ts';
import { sleep } from '../follow.ts';
import { isHostAlive } from '../jobs/leases.ts';
import type { PromptsService } from '../library/prompts/prompts-service.ts';
import type { VersionsService } from '../library/versions/versions-service.ts';
import type { Session } from '../scope/scope.ts';
import { storedJson } from '../tables/stored-fields.ts';

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

const doneKey = 'samplesAdded';
const waitMs = 50;

/**
 * Puts the sample prompts into a library that has never had any prompt. Of two hosts that start at once one does it; what
 * one that was killed left undone, the next one ends.
 */
export async function addSamples(
  session: Session,
  hostId: string,
  prompts: PromptsService,
  versions: VersionsService,
): Promise<void> {
  for (let state = await claimSamples(session, hostId); state !== 'mine'; state = await claimSamples(session, hostId)) {
    if (state === 'done') return;
    await sleep(waitMs);
  }
  const defaults = {
    type: 'chat',
    scope: 'user',
    owner: '',
    domain: '',
    metadata: {},
    project: 'default',
    source: 'system',
  } as const;
  const known = await session.read(({ db }) => db.selectFrom('prompts').select(['name', 'id']).execute());
  for (const sample of samples) {
    const left = known.find((prompt) => prompt.name === sample.name)?.id;
    const content = contentSchema.parse(sample.content);
    await session.write(async (scope) => {
      const input = { ...defaults, ...sample, tags: [...sample.tags], content };
      const promptId = left ?? (await prompts.create(input, scope)).id;
      await versions.save({ promptId, note: 'Sample' }, scope);
    });
  }
  await session.write(({ db }) =>
    db.updateTable('settings').set({ value: 'true' }).where('key', '=', doneKey).execute(),
  );
}

/** Makes it this host's turn when nobody has added them and nobody else is at it. */
async function claimSamples(session: Session, hostId: string): Promise<'mine' | 'done' | "another host's"> {
  const claim = { key: doneKey, value: JSON.stringify(hostId) };
  const state = await session.read(async (scope) => {
    const row = await scope.db.selectFrom('settings').select('value').where('key', '=', doneKey).executeTakeFirst();
    const owner = storedJson(row?.value);
    if (owner === true) return 'done';
    return typeof owner === 'string' && (await isHostAlive(scope, owner)) ? "another host's" : (row?.value ?? null);
  });
  if (state === 'done' || state === "another host's") return state;
  return session.write(async ({ db }) => {
    if (state === null) {
      const insert = db
        .insertInto('settings')
        .values(claim)
        .onConflict((conflict) => conflict.column('key').doNothing());
      return (await insert.executeTakeFirst()).numInsertedOrUpdatedRows === 1n ? 'mine' : "another host's";
    }
    const take = db.updateTable('settings').set(claim).where('key', '=', doneKey).where('value', '=', state);
    return (await take.executeTakeFirst()).numUpdatedRows === 1n ? 'mine' : "another host's";
  });
}

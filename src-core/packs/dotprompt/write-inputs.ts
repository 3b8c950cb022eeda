import type { InputDeclaration } from '../../contract/content.ts';
import type { Json, JsonObject } from '../../contract/shared.ts';

/** JSON Schema of an input, as other tools know it. */
export function schemaOfInput({ type, values = [], schema }: InputDeclaration): JsonObject {
  switch (type) {
    case 'number':
    case 'boolean':
      return { type };
    case 'array<string>':
      return { type: 'array', items: { type: 'string' } };
    case 'enum':
      return { type: 'string', enum: values };
    case 'object':
      return schema ?? { type: 'object' };
    default:
      return { type: 'string' };
  }
}

/** The schema of some inputs: Picoschema where that says everything, else JSON Schema. */
export function writeInputSchema(inputs: readonly InputDeclaration[], nameOf: (input: string) => string): JsonObject {
  const fields = inputs.map((input) => picoField(input, nameOf(input.name)));
  if (fields.every((field) => field !== null)) return Object.fromEntries(fields);
  const required = inputs.filter((input) => input.required).map(({ name }) => nameOf(name));
  return {
    type: 'object',
    properties: Object.fromEntries(
      inputs.map((input): [string, JsonObject] => {
        const about: JsonObject = input.description === '' ? {} : { description: input.description };
        return [nameOf(input.name), { ...schemaOfInput(input), ...about }];
      }),
    ),
    ...(required.length > 0 && { required }),
  };
}

/** A key and a value of Picoschema; null for what it cannot say. */
function picoField(input: InputDeclaration, name: string): readonly [string, Json] | null {
  const { type, required, description, values = [] } = input;
  if (type === 'object' || /[(),?*]/.test(name) || ['type', 'properties'].includes(name)) return null;
  const key = required ? name : `${name}?`;
  if (type === 'array<string>' || type === 'enum') {
    if (/[()]/.test(description)) return null;
    const about = description === '' ? '' : `, ${description}`;
    return type === 'enum' ? [`${key}(enum${about})`, values] : [`${key}(array${about})`, 'string'];
  }
  const scalar = type === 'number' || type === 'boolean' ? type : 'string';
  return [key, description === '' ? scalar : `${scalar}, ${description}`];
}

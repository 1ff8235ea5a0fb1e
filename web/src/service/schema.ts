// JSON Schemas as a tree of fields, for people to read.
import { asArray, asObject, asString, asStrings, at } from './json';

export interface SchemaField {
  name: string;
  /** "list of number", "pq or null" */
  type: string;
  required: boolean;
  help: string;
  fields: SchemaField[];
}

/** Deep enough for all of ours; what refers to itself ends there. */
const kMaxDepth = 8;

/** What a local "$ref" stands for; anything else as it is. Chains end after a few steps. */
export function resolved(document: unknown, value: unknown, steps = kMaxDepth): unknown {
  const reference = asString(at(value, '$ref'));
  if (reference === undefined || steps === 0) return value;
  if (!reference.startsWith('#/')) return {};
  const keys = reference
    .slice(2)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return resolved(document, at(document, ...keys), steps - 1);
}

/** A schema that says "this or null" as this, and that it may be null. */
function withoutNull(document: unknown, value: unknown): { schema: unknown; help: string; nullable: boolean } {
  const schema = resolved(document, value);
  const help = asString(at(schema, 'description')) ?? '';
  const either = asArray(at(schema, 'anyOf')).map((each) => resolved(document, each));
  const others = either.filter((each) => at(each, 'type') !== 'null');
  if (others.length !== 1) return { schema, help, nullable: false };
  return {
    schema: others[0],
    help: help === '' ? (asString(at(others[0], 'description')) ?? '') : help,
    nullable: others.length < either.length,
  };
}

function typeOf(document: unknown, schema: unknown): string {
  const words = asStrings(at(schema, 'enum'));
  if (words.length > 0 && words.length <= 6) return words.join(', ');
  const type = asString(at(schema, 'type')) ?? 'any';
  if (type !== 'array') return type;
  const items = withoutNull(document, at(schema, 'items'));
  return `list of ${typeOf(document, items.schema)}`;
}

function field(document: unknown, name: string, value: unknown, required: boolean, depth: number): SchemaField {
  const { schema, help, nullable } = withoutNull(document, value);
  const type = typeOf(document, schema) + (nullable ? ' or null' : '');
  return { name, type, required, help, fields: fieldsBelow(document, schema, depth + 1) };
}

function fieldsBelow(document: unknown, schema: unknown, depth: number): SchemaField[] {
  if (depth > kMaxDepth) return [];
  if (at(schema, 'type') === 'array') {
    return fieldsBelow(document, withoutNull(document, at(schema, 'items')).schema, depth + 1);
  }
  const required = asStrings(at(schema, 'required'));
  const named = Object.entries(asObject(at(schema, 'properties'))).map(([name, value]) =>
    field(document, name, value, required.includes(name), depth));
  const others = at(schema, 'additionalProperties');
  return typeof others === 'object' && others !== null
    ? [...named, field(document, '(each name)', others, true, depth)]
    : named;
}

/** The fields of an object; none of anything else. */
export function schemaFields(document: unknown, value: unknown): SchemaField[] {
  return fieldsBelow(document, withoutNull(document, value).schema, 0);
}

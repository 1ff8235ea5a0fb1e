// The page's options and limits, from the service's document.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deadlineFrom, fieldFrom, fieldsFrom, type FieldKind } from '../../src/service/fields';
import { addressOf, operationsOf } from '../../src/service/openapi';
import { servedFrom } from '../../src/service/served';
import { kFormats } from '../support/formats';
import { kOpenApi } from '../support/openapi';

describe('a field\'s kind', () => {
  const rows: [unknown, FieldKind][] = [
    [{ type: 'string', enum: ['a', 'b'] }, 'choice'],
    [{ type: 'integer', enum: [1, 2, 4] }, 'choice'],
    [{ type: 'number', minimum: 0 }, 'number'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'boolean', default: false }, 'switch'],
    [{ type: 'array', items: { type: 'string', 'x-names': ['a'] } }, 'named'],
    [{ type: 'string', contentMediaType: 'image/png' }, 'file'],
    [{ type: 'string', format: 'binary' }, 'file'],
    [{ type: 'string' }, 'text'],
    [{}, 'text'],
    [undefined, 'text'],
  ];
  for (const [schema, kind] of rows) {
    it(`of ${JSON.stringify(schema)} is ${kind}`, () => assert.equal(fieldFrom(schema).kind, kind));
  }
  it('words are text, whatever they are in JSON', () => {
    const field = fieldFrom({ enum: [1, 2, 'auto'], default: 2 });
    assert.deepEqual(field.choices, ['1', '2', 'auto']);
    assert.equal(field.default, '2');
    assert.equal(fieldFrom({ type: 'boolean', default: false }).default, 'false');
  });
});

it('fields are those of the document', () => {
  const fields = fieldsFrom(kOpenApi);
  assert.equal(fields['img']?.maxBytes, 2_000_000);
  assert.deepEqual(fields['guard']?.choices, ['smooth', 'highlight-cap', 'bright-area']);
  assert.equal(fields['map_quality']?.max, 100);
  assert.equal(deadlineFrom(kOpenApi), 30);
});
it('what it leaves out stays out', () => {
  const schema = { properties: { img: {}, boost: { maximum: 4 } } };
  const fields = fieldsFrom({
    paths: { '/process': { post: { requestBody: { content: { 'multipart/form-data': { schema } } } } } },
  });
  assert.deepEqual(fields, {
    img: { kind: 'text', choices: [], guards: [], help: '' },
    boost: { kind: 'text', choices: [], guards: [], help: '', max: 4 },
  });
});
describe('the page can start', () => {
  it('with the whole document', () => assert.equal(servedFrom(kOpenApi)?.formats.length, kFormats.length));
  for (const key of ['paths', 'x-formats', 'x-deadline-seconds']) {
    it(`but not without ${key}`, () => assert.equal(servedFrom({ ...kOpenApi, [key]: undefined }), undefined));
  }
});
for (const document of [undefined, null, 7, 'x', [], {}, { paths: [] }, { paths: { '/process': null } }]) {
  it(`${JSON.stringify(document)} gives none`, () => {
    assert.deepEqual(fieldsFrom(document), {});
    assert.equal(deadlineFrom(document), undefined);
    assert.equal(servedFrom(document), undefined);
    assert.deepEqual(operationsOf(document).filter(({ answers }) => answers.length > 0), []);
  });
}

it('references that lead in a circle end', () => {
  const document = {
    paths: { '/a': { get: { responses: { 200: { $ref: '#/components/responses/a' } } } } },
    components: { responses: { a: { $ref: '#/components/responses/a' } } },
  };
  assert.deepEqual(operationsOf(document)[0]?.answers, [{ status: '200', description: '', mediaTypes: [], fields: [] }]);
});
it('references out of the document are not followed', () => {
  const document = { paths: { '/a': { get: { responses: { 200: { $ref: 'https://example.com/x' } } } } } };
  assert.deepEqual(operationsOf(document)[0]?.answers, [{ status: '200', description: '', mediaTypes: [], fields: [] }]);
});

describe('an address', () => {
  const operation = operationsOf({
    paths: {
      '/result/{id}': {
        get: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'part', in: 'query', schema: { type: 'string' } },
          ],
        },
      },
    },
  })[0];
  const rows: [Record<string, string>, string][] = [
    [{ id: 'abc' }, '/result/abc'],
    [{ id: 'abc', part: 'a b&c' }, '/result/abc?part=a+b%26c'],
    [{ id: '../healthz' }, '/result/..%2Fhealthz'],
    [{}, '/result/'],
  ];
  for (const [values, address] of rows) {
    it(address, () => {
      const form = new FormData();
      for (const [name, value] of Object.entries(values)) form.set(name, value);
      assert.ok(operation);
      assert.equal(addressOf(operation, form), address);
    });
  }
});

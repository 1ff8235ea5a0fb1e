// An OpenAPI document of the form that the service gives, with limits of its own; its containers are
// the service's.
import { kServedFormats } from './formats';

const kFile = { type: 'string', contentMediaType: 'application/octet-stream' };

export const kProcessFields = {
  img: { ...kFile, maxLength: 2_000_000, description: 'the edited SDR picture', 'x-flag': '--img' },
  ref: { ...kFile, maxLength: 3_000_000, description: 'its HDR original', 'x-flag': '--ref' },
  mask: { ...kFile, maxLength: 1_000_000, description: 'edited regions in white: no gain there', 'x-flag': '--mask' },
  mode: {
    type: 'string', enum: ['auto', 'predict', 'reference'], default: 'auto',
    description: 'where the gain map comes from', 'x-flag': '--mode',
  },
  boost: {
    type: 'number', minimum: 0.1, maximum: 6,
    description: 'headroom in stops; rescales the map', 'x-flag': '--boost',
  },
  strength: {
    type: 'number', minimum: 0, maximum: 1, default: 1,
    description: 'share of the gain that is kept, after boost', 'x-flag': '--strength',
  },
  format: {
    type: 'string', enum: ['avif', 'heic', 'jpeg'], default: 'jpeg',
    description: 'of the output', 'x-flag': '--format',
  },
  exif: {
    type: 'string', enum: ['allow', 'keep', 'strip'], default: 'allow',
    description: 'metadata policy; allow drops places, serial numbers, MakerNote', 'x-flag': '--exif',
  },
  style: {
    type: 'string', enum: ['acr', 'highlights', 'phone'], default: 'phone',
    description: 'of a prediction: as phones write maps, or as Camera Raw does', 'x-flag': '--style',
  },
  guard: {
    type: 'array',
    items: {
      type: 'string', 'x-names': ['smooth', 'highlight-cap', 'bright-area'],
      'x-guards': [
        { name: 'smooth', default: 0, help: 'Evens the gain out along the picture.' },
        { name: 'highlight-cap', default: 1, help: 'Keeps the brightest places within what phones do.' },
        { name: 'bright-area', default: 1, help: 'Keeps a picture from being lifted as a whole.' },
      ],
    },
    description: 'of a predicted map, as often as needed: off, on or 0 to 1', 'x-flag': '--guard',
  },
  map_quality: {
    type: 'integer', minimum: 1, maximum: 100,
    description: 'of a map that is encoded anew', 'x-flag': '--map-quality',
  },
  base_chroma: {
    type: 'string', enum: ['420', '444'],
    description: 'chroma sampling of a base that is encoded', 'x-flag': '--base-chroma',
  },
  hdr_exposure: {
    type: 'number', description: 'stops, added to an HDR rendition’s exposure', 'x-flag': '--hdr-exposure',
  },
  keep_icc: {
    type: 'boolean', default: false,
    description: 'keep its profile where Display P3 would be written', 'x-flag': '--keep-icc',
  },
};

function multipart(properties: object): object {
  return {
    required: true,
    content: {
      'multipart/form-data': {
        schema: { type: 'object', required: ['img'], properties },
        examples: { boosted: { summary: 'Brighter', value: { img: "my edit's.jpg", boost: 2 } } },
      },
    },
  };
}

const kError = {
  description: 'the upload cannot be used',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};
const kIdParameter = {
  name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  description: 'of an answer to POST /process',
};

export const kOpenApi = {
  openapi: '3.1.0',
  info: {
    title: 'hdr-process', version: '0.1.0',
    description: 'Puts the HDR back into an edited SDR photograph.',
  },
  'x-deadline-seconds': 30,
  'x-formats': kServedFormats,
  paths: {
    '/process': {
      post: {
        summary: 'Make an HDR picture',
        description: 'Transplants the gain map of ref onto img, or predicts one where there is no ref.',
        requestBody: multipart(kProcessFields),
        responses: {
          200: {
            description: 'made and verified',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
          },
          413: { $ref: '#/components/responses/Error' },
          422: { $ref: '#/components/responses/Error' },
          503: { ...kError, description: 'all workers are taken; Retry-After says for how long' },
        },
      },
    },
    '/inspect': {
      post: {
        summary: 'Say who shows a file as HDR',
        requestBody: multipart({ img: kProcessFields.img }),
        responses: { 200: { description: 'what the file holds', content: { 'application/json': {} } } },
      },
    },
    '/result/{id}': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        summary: 'The answer of POST /process again',
        responses: { 200: { description: 'the same', content: { 'application/json': {} } } },
      },
      delete: { summary: 'Forget a result', responses: { 204: { description: 'gone' } } },
    },
    '/result/{id}/{part}': {
      parameters: [
        { $ref: '#/components/parameters/id' },
        {
          name: 'part', in: 'path', required: true,
          schema: { type: 'string', enum: ['hdr', 'preview', 'gainmap', 'meta'] },
        },
      ],
      get: {
        summary: 'One part of a result',
        responses: { 200: { description: 'its bytes', content: { 'image/jpeg': {}, 'image/png': {} } } },
      },
    },
    '/healthz': { get: { summary: 'Whether the server lives', responses: { 200: { description: 'it does' } } } },
  },
  components: {
    parameters: { id: kIdParameter },
    responses: { Error: kError },
    schemas: {
      Answer: {
        type: 'object',
        required: ['id', 'report'],
        properties: {
          id: { type: 'string', description: 'names the result' },
          report: {
            type: 'object',
            description: 'what was done',
            properties: {
              mode: { type: 'string', enum: ['reference', 'predict'] },
              agreement: { anyOf: [{ type: 'number' }, { type: 'null' }], description: 'null: not compared' },
              checks: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
            },
          },
        },
      },
      Error: { type: 'object', properties: { code: { type: 'string' }, again: { $ref: '#/components/schemas/Error' } } },
    },
  },
};

// Dropped files find their slots by themselves.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { placed, swapped, type Picture, type Slots } from '../../src/intake/placement';
import { format } from '../support/formats';

const picture = (name: string, word: string, bringsHdr: boolean): Picture => ({
  file: new File([], name), format: format(word), bringsHdr,
});
const kSdr = picture('edit', 'jpeg', false);
const kSdr2 = picture('edit2', 'png', false);
const kHdr = picture('original', 'jpeg', true);
const kHdr2 = picture('original2', 'heic', true);
const kExr = picture('render', 'exr', true);
const kWebp = picture('web', 'webp', false);

const names = ({ img, ref }: Slots): string => `${img?.file.name ?? '-'} ${ref?.file.name ?? '-'}`;

const kRows: [string, Slots, Picture[], string][] = [
  ['an edit', {}, [kSdr], 'edit -'],
  ['an original', {}, [kHdr], '- original'],
  ['both', {}, [kSdr, kHdr], 'edit original'],
  ['both, the other way round', {}, [kHdr, kSdr], 'edit original'],
  ['an edit to an original', { ref: kHdr }, [kSdr], 'edit original'],
  ['another edit in place of the first', { img: kSdr, ref: kHdr }, [kSdr2], 'edit2 original'],
  ['two with HDR: the first is the original', {}, [kHdr, kHdr2], 'original2 original'],
  ['two without: the second takes the other slot', {}, [kSdr, kSdr2], 'edit edit2'],
  ['a rendering cannot be the edit', {}, [kHdr, kExr], '- render'],
  ['what cannot be an original stays an edit', {}, [kSdr, kWebp], 'web -'],
  ['a third one is left out', {}, [kSdr, kHdr, kSdr2], 'edit original'],
];
for (const [name, before, incoming, wanted] of kRows) {
  it(name, () => {
    const copy = { ...before };
    assert.equal(names(placed(before, incoming)), wanted);
    assert.deepEqual(before, copy);
  });
}

it('swapping', () => {
  assert.equal(names(swapped({ img: kSdr, ref: kHdr }) ?? {}), 'original edit');
  assert.equal(names(swapped({ img: kSdr }) ?? {}), '- edit');
  assert.equal(swapped({ img: kSdr, ref: kExr }), undefined);
  assert.equal(swapped({ img: kWebp, ref: kHdr }), undefined);
});

// Dropped files find their slots by themselves, and say why.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placed, putOn, swapped, type Picture, type Slots } from '../../src/intake/placement';
import { format } from '../support/formats';

const picture = (name: string, word: string, bringsHdr: boolean, pixels = 12e6): Picture => ({
  file: new File([], name), format: format(word), bringsHdr, pixels,
});
const kSdr = picture('edit', 'jpeg', false);
const kSdr2 = picture('edit2', 'png', false);
const kSmall = picture('small', 'jpeg', false, 2e6);
const kUnseen = picture('unseen', 'heic', false, 0);
const kHdr = picture('original', 'jpeg', true);
const kHdr2 = picture('original2', 'heic', true);
const kSmallHdr = picture('smallhdr', 'jpeg', true, 2e6);
const kExr = picture('render', 'exr', true, 0);
const kExr2 = picture('render2', 'exr', true, 0);
const kWebp = picture('web', 'webp', false);
const kWebp2 = picture('web2', 'webp', false);
const chosen = (of: Picture): Picture => ({ ...of, isChosen: true });

const names = ({ img, ref }: Slots): string => `${img?.file.name ?? '-'} ${ref?.file.name ?? '-'}`;

/** Before, what comes, slots after, what is said. */
const kRows: [string, Slots, Picture[], string, RegExp?][] = [
  ['an edit', {}, [kSdr], 'edit -'],
  ['an original', {}, [kHdr], '- original'],
  ['both', {}, [kSdr, kHdr], 'edit original', /“original” is the original: it holds HDR/],
  ['both, the other way round', {}, [kHdr, kSdr], 'edit original', /“original” is the original/],
  ['an edit to an original', { ref: kHdr }, [kSdr], 'edit original'],
  ['an original to an edit', { img: kSdr }, [kHdr], 'edit original'],
  ['an original that came first and was taken for the edit', { img: kSmallHdr }, [kHdr], 'smallhdr original', /more pixels/],
  ['a rendering', {}, [kExr, kHdr], 'original render'],
  ['two with HDR: the larger is the original', {}, [kHdr, kSmallHdr], 'smallhdr original', /^Both hold HDR; “original” has more pixels/],
  ['two without: the larger is the original', {}, [kSdr, kSmall], 'small edit', /^Neither holds HDR; “edit” has more pixels/],
  ['what cannot be an original stays an edit', {}, [kSdr, kWebp], 'web edit'],
  ['a third replaces the edit', { img: kSdr, ref: kHdr }, [kSdr2], 'edit2 original', /“edit2” takes the place of “edit” as the edit/],
  ['a third replaces the original', { img: kSdr, ref: kHdr }, [kHdr2], 'edit original2', /“original2” takes the place of “original” as the original/],
  ['two new ones replace both', { img: kSdr, ref: kHdr }, [kHdr2, kSdr2], 'edit2 original2'],
  ['two renderings: the second', {}, [kExr, kExr2], '- render2', /“render” was left out/],
  ['two that can only be edits: the second', {}, [kWebp, kWebp2], 'web2 -', /“web” was left out/],
  ['a rendering to a rendering', { ref: kExr }, [kExr2], '- render2', /takes the place/],
  ['to one that was put on its card, whatever it is', { ref: chosen(kSdr) }, [kHdr], 'original edit'],
  ['and the other way', { img: chosen(kHdr) }, [kSdr], 'original edit'],
];
for (const [name, before, incoming, wanted, why] of kRows) {
  it(name, () => {
    const copy = { ...before };
    const placing = placed(before, incoming);
    assert.equal(names(placing.slots), wanted);
    assert.equal(placing.asks, false);
    if (why !== undefined) assert.match(placing.why, why);
    assert.deepEqual(before, copy);
  });
}

describe('nothing tells them apart', () => {
  for (const [name, incoming] of [
    ['two with HDR, equally large', [kHdr, kHdr2]], ['two without', [kSdr, kSdr2]], ['one that cannot be seen', [kSdr, kUnseen]],
  ] as const) {
    it(name, () => assert.equal(placed({}, [...incoming]).asks, true));
  }
  it('one after the other, too', () => assert.equal(placed({ img: kSdr }, [kSdr2]).asks, true));
});

it('what is put on a card stays there', () => {
  const one = putOn({}, 'ref', kSdr);
  assert.equal(names(one.slots), '- edit');
  assert.equal(one.why, '');
  const other = putOn({ img: kSdr, ref: kHdr }, 'ref', kHdr2);
  assert.equal(names(other.slots), 'edit original2');
  assert.equal(other.why, '“original2” takes the place of “original”.');
});

it('swapping', () => {
  assert.equal(names(swapped({ img: kSdr, ref: kHdr }) ?? {}), 'original edit');
  assert.equal(names(swapped({ img: kSdr }) ?? {}), '- edit');
  assert.equal(swapped({ img: kSdr, ref: kExr }), undefined);
  assert.equal(swapped({ img: kWebp, ref: kHdr }), undefined);
});

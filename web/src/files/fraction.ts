// Numbers as the program writes them: fractions in the ISO 21496-1 block, fixed-width decimals in
// XMP. Both must come out digit for digit as the program's own (src/gainmap/metadata.cc,
// src/metadata/number_text.cc), so that a patched file is the file the program would write.

export interface Fraction {
  numerator: number;
  denominator: number;
}

export type Signedness = 'signed' | 'unsigned';

export function valueOf(fraction: Fraction): number {
  return fraction.numerator / fraction.denominator;
}

/** To the nearest whole number, halves away from zero (C++'s std::round). */
function rounded(value: number): number {
  const magnitude = Math.abs(value);
  const whole = Math.floor(magnitude);
  const up = magnitude - whole >= 0.5 ? whole + 1 : whole;
  return value < 0 ? 0 - up : up;
}

/** Denominator 10^6, or more where the relative error would exceed 1e-6 and both parts still fit. */
export function fractionOf(value: number, signedness: Signedness): Fraction {
  const limit = signedness === 'signed' ? 0x7fffffff : 0xffffffff;
  let best: Fraction = { numerator: 0, denominator: 1_000_000 };
  for (let denominator = 1_000_000; denominator <= 1_000_000_000; denominator *= 10) {
    const scaled = rounded(value * denominator);
    if (!(Math.abs(scaled) <= limit)) break;
    best = { numerator: scaled, denominator };
    if (Math.abs(valueOf(best) - value) <= 1e-6 * Math.abs(value)) return best;
  }
  return best;
}

const kWidth = 16;

/** 16 characters: sign, whole digits, point, and as many decimals as fit; the last one rounded. */
export function fixedWidthDecimal(fraction: Fraction): string {
  const denominator = BigInt(fraction.denominator);
  const magnitude = BigInt(Math.abs(fraction.numerator));
  const whole = `${fraction.numerator < 0 ? '-' : ''}${magnitude / denominator}.`;
  const decimals = Math.max(0, kWidth - whole.length);
  const scaled = (magnitude % denominator) * 10n ** BigInt(decimals);
  const digits = (2n * scaled + denominator) / (2n * denominator); // half up
  return whole + digits.toString().padStart(decimals, '0');
}

// What the service's fields and their words are called on the page. Whatever is missing here is
// called as the service has it.
import type { ControlText } from './controls';

export const kStyleWords: Record<string, string> = {
  phone: 'As phones do',
  highlights: 'Only what shines',
  acr: 'As Camera Raw does',
};

export const kTexts: Record<string, ControlText> = {
  format: { label: 'File format' },
  style: { label: 'Style', words: kStyleWords },
  exif: {
    label: 'Metadata',
    words: { allow: 'Camera and dates, no places', keep: 'Everything', strip: 'Nothing' },
  },
  mode: {
    label: 'HDR from',
    words: { auto: 'Original, else predicted', reference: 'The original', predict: 'A prediction' },
  },
  mask: { label: 'Mask', note: 'A PNG that is white where you edited: no HDR there.' },
  align: {
    label: 'Crops and turns',
    note: 'Whether the edit is looked for in the original.',
    words: { auto: 'Look where it is', none: 'Same framing, do not look', require: 'Look, and refuse what is unsure' },
  },
  keep: {
    label: 'Where your tones differ',
    note: 'What of the original is kept.',
    words: { gain: 'How much brighter it gets', hdr: 'How bright it is' },
  },
  fill: {
    label: 'Where you changed the picture',
    words: { predict: 'Predict the HDR there', neutral: 'No HDR there' },
  },
  map_quality: { label: 'Quality of the gain map', note: '1 to 100, where it is encoded anew.' },
  base_quality: { label: 'Quality of the picture', note: '1 to 100, where it has to be encoded.' },
  base_chroma: {
    label: 'Colour resolution',
    note: 'Where the picture has to be encoded.',
    words: { 444: 'Full (4:4:4)', 420: 'Half (4:2:0)' },
  },
  heic_form: {
    label: 'HEIC is for',
    words: { both: 'All viewers', iso: 'Viewers of the ISO standard', apple: 'Apple devices' },
  },
  apple_transfer: {
    label: 'Curve of older iPhone gain maps',
    words: { gamma22: 'Gamma 2.2', srgb: 'sRGB', rec709: 'Rec. 709' },
  },
  hdr_white: { label: 'Luminance of SDR white', note: 'Of an HDR rendition, in nits.' },
  hdr_exposure: { label: 'Exposure of the original', note: 'Stops added to an HDR rendition.' },
  anchor: {
    label: 'Match the mid-tones',
    note: 'Scales an HDR rendition to your edit where the two clearly differ.',
  },
  gain_map_scale: {
    label: 'Size of the gain map',
    note: 'Where it is made from an HDR rendition.',
    words: { 1: 'As the picture', 2: 'Half', 4: 'A quarter' },
  },
  gain_map_channels: {
    label: 'Colour in the gain map',
    words: { 1: 'One gain for all colours', 3: 'One for each colour' },
  },
  flatten: {
    label: 'Transparent pixels',
    words: { refuse: 'Refuse such a picture', black: 'On black', white: 'On white' },
  },
  keep_icc: { label: 'Keep the colour profile', note: 'Where Display P3 would be written.' },
  convert_icc: { label: 'Convert to Display P3', note: 'A JPEG with a wider profile: it is encoded anew.' },
  force_reference: {
    label: 'Use the original anyway',
    note: 'Although the pictures do not seem to be the same.',
  },
  exr_layer: { label: 'Layer of an OpenEXR original' },
};

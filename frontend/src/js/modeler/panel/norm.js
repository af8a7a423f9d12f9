/** "60" and "menit kerja" for people, PT60M in the file. Other spellings of ISO 8601 (PT1H) are shown as they stand. */
const FORMS = { 'menit-kerja': [/^PT(\d+)M$/, number => `PT${number}M`], 'hari-kerja': [/^P(\d+)D$/, number => `P${number}D`] };
const DEFAULT = 'menit-kerja';

export function shownNorm(waktu, satuan) {
  return FORMS[satuan]?.[0].exec(waktu)?.[1] ?? waktu;
}

/** @returns {{waktu, satuan}} for what was typed as time, beside the unit that stands there */
export function storedNorm(typed, satuan) {
  const words = typed.trim();
  if (!/^\d+$/.test(words)) return { waktu: words, satuan };
  const unit = satuan || DEFAULT;
  return { waktu: FORMS[unit]?.[1](words) ?? words, satuan: unit };
}

/** The number stays, its unit changes. */
export function withUnit(waktu, before, satuan) {
  return { satuan, waktu: satuan ? storedNorm(shownNorm(waktu, before), satuan).waktu : waktu };
}

export function problemOfNorm(typed) {
  return !typed || /^(?:\d{1,5}|P(?:\d+D|T(?:\d+H)?(?:\d+M)?(?:\d+S)?))$/.test(typed.trim()) ? null : 'Tulis angka, misalnya 60.';
}

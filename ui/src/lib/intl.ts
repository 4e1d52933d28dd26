// The browser's own formatters, each made once: to make one takes a hundred times as long as to use it.

const kept = new Map<string, unknown>();

function once<F>(kind: string, tag: string, form: object, make: () => F): F {
  const key = `${kind} ${tag} ${JSON.stringify(form)}`;
  const found = kept.get(key) as F | undefined;
  if (found !== undefined) return found;
  const made = make();
  kept.set(key, made);
  return made;
}

export const dateFormat = (tag: string, form: Intl.DateTimeFormatOptions) =>
  once("date", tag, form, () => new Intl.DateTimeFormat(tag, form));

export const numberFormat = (tag: string, form: Intl.NumberFormatOptions = {}) =>
  once("number", tag, form, () => new Intl.NumberFormat(tag, form));

export const relativeFormat = (tag: string, form: Intl.RelativeTimeFormatOptions) =>
  once("relative", tag, form, () => new Intl.RelativeTimeFormat(tag, form));

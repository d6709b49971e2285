/**
 * Numbers and lists as a language writes them. Apart from the rest of phrasing, which
 * needs the words that these are made for.
 * @param {string} locale
 */
export function numbersIn(locale) {
  const numbers = new Intl.NumberFormat(locale);
  /** @type {Map<string, Intl.ListFormat>} */
  const lists = new Map();
  const number = (/** @type {number} */ n) => numbers.format(n);
  return {
    number,

    /**
     * For languages that have two forms.
     * @param {number} n
     * @param {string} one
     * @param {string} [many]
     */
    count: (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`,

    /**
     * @param {string[]} items
     * @param {'conjunction' | 'disjunction'} type and, or
     */
    list(items, type) {
      if (!lists.has(type)) lists.set(type, new Intl.ListFormat(locale === 'en' ? 'en-GB' : locale, { type }));
      return /** @type {Intl.ListFormat} */ (lists.get(type)).format(items);
    },
  };
}

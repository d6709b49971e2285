/**
 * An amount of money as people type it, with a point or a comma before the
 * cents. "1,000" could be a thousand as well as one, and is no amount: a limit
 * must not be a thousandth of what was meant.
 * @param {string} typed
 * @returns {number | null} null where nothing is typed, NaN where it is no amount
 */
export function amountOf(typed) {
  const amount = typed.trim().replace(/^\$\s*/, '');
  if (!amount) return null;
  // Unlike "0,005", which can only be half a cent.
  if (/[1-9]\d*,\d{3}$/.test(amount)) return NaN;
  const plain = amount.replace(',', '.');
  return /^\d*\.?\d+$|^\d+\.$/.test(plain) ? Number(plain) : NaN;
}

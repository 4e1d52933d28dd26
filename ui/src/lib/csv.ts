// Rows as a file that spreadsheets read.

/** By it a spreadsheet knows UTF-8; without it Thai and Japanese come out as signs nobody reads. */
const BYTE_ORDER_MARK = "\uFEFF";

/** What begins like a formula gets an apostrophe first (OWASP, "CSV Injection"). */
const asText = (cell: string) => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** RFC 4180: lines end with CR LF. */
export const csvOf = (rows: string[][]): string =>
  BYTE_ORDER_MARK + rows.map((row) => `${row.map((cell) => quoted(asText(cell))).join(",")}\r\n`).join("");

// The rows of a list to its last page, for what is done once with all of them.

type Page<T> = { items: T[]; nextCursor: string | null };

/**
 * Reads up to `most` rows and the rest of their page, and tells whether there are more. `goesOn` hears
 * after each page how many there are so far, and may end it.
 */
export async function readRows<T>(
  ask: (cursor: string | null) => Promise<Page<T>>,
  most: number,
  goesOn: (rows: number) => boolean = () => true,
): Promise<{ rows: T[]; isMore: boolean }> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask(cursor);
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (goesOn(rows.length) && cursor && rows.length < most);
  return { rows, isMore: cursor !== null };
}

// What a key that was pressed means, and whose it is.

/** A key by what it writes; by its place where the keyboard writes other letters, as a Thai one does. */
export const isKey = ({ key, code }: KeyboardEvent, letter: string, place: string) =>
  /^[ -~]$/.test(key) ? key.toLowerCase() === letter : code === place;

export const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input:not([type='checkbox'], [type='radio']), textarea, select, [role='textbox']"));

/** Alt and an arrow move a thing up or down by one; null where it is another key. */
export const movesBy = ({ altKey, key }: Pick<KeyboardEvent, "altKey" | "key">): 1 | -1 | null =>
  altKey && key === "ArrowUp" ? -1 : altKey && key === "ArrowDown" ? 1 : null;

/** A key alone belongs to a dialog or a menu while one is open. */
export const isTaken = () =>
  document.querySelector("[role='dialog'], [role='menu'], [role='listbox']") !== null;

/** Whether it asks for all of a list: not in a field, nor in a dialog. */
export const isSelectAll = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) &&
  !event.shiftKey &&
  !event.altKey &&
  !event.isComposing &&
  isKey(event, "a", "KeyA") &&
  !isWriting(event.target) &&
  !isTaken();

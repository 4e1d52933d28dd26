/** How long a field is waited for that is not drawn yet: its form may still be read. */
const PATIENCE_MS = 10_000;

let stopWaiting = () => {};
const stopWaitingNow = () => stopWaiting();

/** Puts the cursor into a field of the form, or where it stands; into one that is drawn later once it is. */
export function focusField(field: string): void {
  stopWaiting();
  if (focusAt(field)) return;
  let around = field;
  do around = around.slice(0, Math.max(around.lastIndexOf("."), 0));
  while (around !== "" && !focusAt(around));
  const had = document.activeElement;
  const look = () => {
    // Who went elsewhere meanwhile is not called back.
    const isFree = document.activeElement === had || document.activeElement === document.body;
    if (!isFree || focusAt(field)) stopWaiting();
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true, subtree: true });
  // Nor is whoever writes where the cursor stands.
  const timer = setTimeout(() => stopWaiting(), PATIENCE_MS);
  document.addEventListener("input", stopWaitingNow);
  stopWaiting = () => {
    watch.disconnect();
    clearTimeout(timer);
    document.removeEventListener("input", stopWaitingNow);
  };
}

function focusAt(path: string): boolean {
  const places = [...document.querySelectorAll<HTMLElement>("[data-path]")];
  const place = places.find(({ dataset }) => dataset.path === path);
  place?.focus();
  place?.scrollIntoView?.({ block: "center" });
  return place !== undefined;
}

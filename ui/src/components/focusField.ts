/** Puts the cursor into a field of the form, or where it stands. */
export function focusField(field: string): void {
  for (let path = field; path !== ""; path = path.slice(0, Math.max(path.lastIndexOf("."), 0))) {
    const place = [...document.querySelectorAll<HTMLElement>("[data-path]")].find(
      ({ dataset }) => dataset.path === path,
    );
    if (place) {
      place.focus();
      place.scrollIntoView?.({ block: "center" });
      return;
    }
  }
}

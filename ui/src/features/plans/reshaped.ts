// What is done with a layout in its form, and nowhere else.

import type { Label } from "../../i18n";
import { jsonOf, type LayoutDraft, layoutOf, newPress, type PressKind, SHAPES, type Shape } from "./layouts";

export const PRESSES: Record<PressKind, Label> = {
  says: "says something",
  opens: "opens a page",
  calls: "calls a number",
  tells: "is noted for staff",
};

/** The same cards in another form: as many buttons and cards as it takes, and its JSON to look at. */
export function reshaped(draft: LayoutDraft, shape: Shape): LayoutDraft {
  if (shape === "json")
    return { ...draft, shape, json: draft.shape === "json" ? draft.json : jsonOf(layoutOf(draft)) };
  const [least, most] = SHAPES[shape].buttons;
  const cards = draft.cards.slice(0, SHAPES[shape].cards).map((card) => {
    const missing = Array.from({ length: Math.max(0, least - card.buttons.length) }, newPress);
    return { ...card, buttons: [...card.buttons.slice(0, most), ...missing] };
  });
  return { ...draft, shape, cards };
}

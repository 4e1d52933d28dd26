// Dragging the card of a step to another place. The keyboard has "Move up" and "Move down".

import { useState } from "react";
import { useFollowing } from "./follow";

/** Where a card that is let go now would stand: before the card of this number. */
type Dragged = { key: string; from: number; gap: number };
type Drag = ReturnType<typeof useDrag>;
/** What makes an element the one by which a card is dragged; it stays the same. */
export type DragHandle = Drag["handle"];

const cards = () => [...document.querySelectorAll<HTMLElement>("[data-step]")];

/** Before how many cards the pointer is not any more. */
const gapAt = (y: number) =>
  cards().filter((card) => {
    const { top, height } = card.getBoundingClientRect();
    return top + height / 2 < y;
  }).length;

/** While a card is dragged all are folded, so that there is less of a way to go. */
export function useDrag(move: (from: number, to: number) => void) {
  const { held: dragged, grip } = useFollowing<Dragged>({
    at: (was, y) => {
      const gap = gapAt(y);
      return was.gap === gap ? was : { ...was, gap };
    },
    letGo: ({ from, gap }) => {
      const to = gap > from ? gap - 1 : gap;
      if (to !== from) move(from, to);
    },
    // Folding moved the card: it comes back under the pointer.
    begun: (element, y) => window.scrollBy(0, element.getBoundingClientRect().top - y + 12),
  });
  const [handle] = useState(() => (key: string, from: number) => grip({ key, from, gap: from }));
  return { dragged, handle };
}

/** On which side of a card the one that is dragged would stand. */
export function dropSide(drag: Drag, n: number, count: number): "before" | "after" | undefined {
  const { dragged } = drag;
  if (!dragged || dragged.gap === dragged.from || dragged.gap === dragged.from + 1) return undefined;
  if (dragged.gap === n) return "before";
  return dragged.gap === count && n === count - 1 ? "after" : undefined;
}

// Dragging the card of a step to another place. The keyboard has "Move up" and "Move down".

import { type PointerEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** Where a card that is let go now would stand: before the card of this number. */
type Dragged = { key: string; from: number; gap: number };
export type Drag = ReturnType<typeof useDrag>;
/** What makes an element the one by which a card is dragged; it stays the same. */
export type DragHandle = Drag["handle"];

const NEAR_EDGE = 110;

const cards = () => [...document.querySelectorAll<HTMLElement>("[data-step]")];

/** Before how many cards the pointer is not any more. */
const gapAt = (y: number) =>
  cards().filter((card) => {
    const { top, height } = card.getBoundingClientRect();
    return top + height / 2 < y;
  }).length;

/** While a card is dragged all are folded, so that there is less of a way to go. */
export function useDrag(move: (from: number, to: number) => void) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const live = useRef({ dragged, move, y: 0 });
  live.current.dragged = dragged;
  live.current.move = move;
  const isOn = dragged !== null;
  useEffect(() => {
    if (!isOn) return;
    let frame = 0;
    // What lies beyond the edge of the screen comes nearer while the pointer is there.
    const look = () => {
      const { y } = live.current;
      const by = y < NEAR_EDGE ? -10 : y > innerHeight - NEAR_EDGE ? 10 : 0;
      if (by !== 0) window.scrollBy(0, by);
      const gap = gapAt(y);
      setDragged((was) => (was && was.gap !== gap ? { ...was, gap } : was));
      frame = requestAnimationFrame(look);
    };
    const leave = ({ key }: KeyboardEvent) => key === "Escape" && setDragged(null);
    frame = requestAnimationFrame(look);
    window.addEventListener("keydown", leave);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("keydown", leave);
    };
  }, [isOn]);
  const [handle] = useState(() => (key: string, from: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.preventDefault();
      const grip = event.currentTarget;
      grip.setPointerCapture?.(event.pointerId);
      live.current.y = event.clientY;
      flushSync(() => setDragged({ key, from, gap: from }));
      // Folding moved the card: it comes back under the pointer.
      window.scrollBy(0, grip.getBoundingClientRect().top - event.clientY + 12);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      live.current.y = event.clientY;
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (!live.current.dragged) return;
      const gap = gapAt(event.clientY);
      setDragged(null);
      const to = gap > from ? gap - 1 : gap;
      if (to !== from) live.current.move(from, to);
    },
    onPointerCancel: () => setDragged(null),
  }));
  return { dragged, handle };
}

/** On which side of a card the one that is dragged would stand. */
export function dropSide(drag: Drag, n: number, count: number): "before" | "after" | undefined {
  const { dragged } = drag;
  if (!dragged || dragged.gap === dragged.from || dragged.gap === dragged.from + 1) return undefined;
  if (dragged.gap === n) return "before";
  return dragged.gap === count && n === count - 1 ? "after" : undefined;
}
